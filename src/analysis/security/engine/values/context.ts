/** What a value may be dangerous in; a sanitizer cleans a value for some of these. */
const CONTEXTS = [
  'sql',
  'shell',
  'code',
  'path',
  'url',
  'html',
  'redirect',
  'log',
  'regex',
  'ldap',
  'xpath',
  'nosql',
  'xml',
  'object',
  'template',
  'header',
  'archive',
  'format',
  'property',
] as const;

export type Context = (typeof CONTEXTS)[number];

/** A set of contexts as bits. */
export type ContextSet = number;

export const NOTHING: ContextSet = 0;
/** Set on a path that was made absolute and free of `..`: a prefix check is only worth something on such a one. */
export const RESOLVED: ContextSet = 1 << 30;
export const EVERYTHING: ContextSet = RESOLVED - 1;

export function contexts(...names: readonly Context[]): ContextSet {
  return names.reduce((set, name) => set | (1 << CONTEXTS.indexOf(name)), 0);
}

/** Everything but the named ones. */
export const allBut = (...names: readonly Context[]): ContextSet =>
  EVERYTHING & ~contexts(...names);
