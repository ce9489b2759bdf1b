import { contexts, type ContextSet, EVERYTHING, NOTHING } from '../values/context.js';
import { fullText } from '../values/texts.js';
import type { Value } from '../values/value.js';

/** Only these are let through: `[^a-z0-9_-]`, with an optional space or point. */
const ONLY_PLAIN = /^\(?\[\^(?:\\[wds]|[a-z]-[a-z]|[A-Z]-[A-Z]|0-9|[\w\s-]|\\-|\\?\.)+\][+*]?\)?$/;

/** What a text can't do any more once this was replaced in it. */
export function replacementCleans(
  pattern: Value | undefined,
  replacement: Value | undefined,
): ContextSet {
  const what = pattern ? fullText(pattern) : null;
  const by = replacement ? fullText(replacement) : null;
  if (what === null || what.length > 200) {
    return NOTHING;
  }
  if (
    ONLY_PLAIN.test(what) ||
    what === '\\W' ||
    what === '\\W+' ||
    what === '\\D' ||
    what === '\\D+'
  ) {
    return by !== null && /^[\w-]*$/.test(by) ? EVERYTHING : NOTHING;
  }
  return (
    (/[<&]|\(\?:?script/.test(what) ? contexts('html', 'xml') : NOTHING) |
    (/\.\.|\\\.\\\./.test(what) && by === '' ? contexts('path', 'archive') : NOTHING) |
    (/'/.test(what) && by !== null && /''|\\'|\\\\\$&|\\\$/.test(by)
      ? contexts('sql', 'xpath')
      : NOTHING) |
    // One slash in place of many: no address of another host begins so.
    (/^\^?\(?\\?\/(\+|\{2,\}|\\?\/\+)\)?$/.test(what) && by !== null && /^\/?$/.test(by)
      ? contexts('redirect')
      : NOTHING) |
    (/[\r\n]|\\[rn]/.test(what) ? contexts('log', 'header') : NOTHING)
  );
}

const HINTS: readonly (readonly [RegExp, ContextSet])[] = [
  [/sql|identifier/i, contexts('sql')],
  [/shell|cmd|command|arg/i, contexts('shell')],
  [/path|file/i, contexts('path', 'archive')],
  [/ur[il]/i, contexts('url', 'redirect', 'html')],
  [/regex/i, contexts('regex', 'nosql')],
  [/ldap|dn\b/i, contexts('ldap')],
  [/xpath/i, contexts('xpath')],
];

/** What a function of this file cleans, going by its name: `escapeHtml`, `sanitize_path`. */
export function cleansByName(name: string): ContextSet {
  if (!/^_?(escape|sanitiz|clean|purif|encode|strip|quote)/i.test(name)) {
    return NOTHING;
  }
  const hinted = HINTS.filter(([hint]) => hint.test(name)).reduce(
    (set, [, cleans]) => set | cleans,
    NOTHING,
  );
  return hinted === NOTHING ? contexts('html', 'xml', 'log') : hinted;
}
