/** A regular expression as far as its cost depends on it. */
export interface RegexItem {
  /** The source of an atom that matches one character, or the options of a group; neither for an assertion. */
  readonly one?: string;
  readonly group?: readonly (readonly RegexItem[])[];
  readonly min: number;
  readonly max: number;
}

const MAX_ITEMS = 500;

/** Reads an expression; null where it uses what this reader doesn't know. */
export function parseRegex(pattern: string): readonly (readonly RegexItem[])[] | null {
  let at = 0;
  let count = 0;

  const options = (depth: number): RegexItem[][] | null => {
    const result: RegexItem[][] = [[]];
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        result.push([]);
        continue;
      }
      const item = atom(depth);
      count += 1;
      if (!item || count > MAX_ITEMS) {
        return null;
      }
      result[result.length - 1]?.push({ ...item, ...quantifier() });
    }
    return result;
  };

  const atom = (depth: number): Omit<RegexItem, 'min' | 'max'> | null => {
    const rest = pattern.slice(at);
    if (rest.startsWith('(')) {
      const head = /^\((\?(:|P?<\w+>|=|!|<=|<!))?/.exec(rest)?.[0] ?? '(';
      if (depth > 20 || (head === '(' && rest.startsWith('(?'))) {
        return null;
      }
      at += head.length;
      const inner = options(depth + 1);
      at += 1;
      // What a look-around matches isn't consumed.
      return inner && (/[=!]$/.test(head) ? {} : { group: inner });
    }
    const token =
      /^(\[(?:\\[\s\S]|[^\]\\])*\]|\\u\{[0-9a-f]+\}|\\[pP]\{[^}]*\}|\\[\s\S]|[\s\S])/iu.exec(
        rest,
      )?.[0] ?? '';
    at += token.length;
    return token === '^' || token === '$' || /^\\[bBAZz\d]$/.test(token) ? {} : { one: token };
  };

  const quantifier = (): { min: number; max: number } => {
    const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})[?+]?/.exec(pattern.slice(at));
    if (!match) {
      return { min: 1, max: 1 };
    }
    at += match[0].length;
    if (match[1]) {
      return { min: match[1] === '+' ? 1 : 0, max: match[1] === '?' ? 1 : Infinity };
    }
    const min = Number(match[2]);
    return { min, max: match[4] ? Number(match[4]) : match[3] ? Infinity : min };
  };

  const result = options(0);
  return at >= pattern.length ? result : null;
}

const SAMPLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).concat('\n', '\t');

const KNOWN = new Map<string, ReadonlySet<string>>();
const MAX_KNOWN = 2_000;

/** The characters, of a sample, that an atom matches. */
export function charactersOf(atom: string): ReadonlySet<string> {
  const known = KNOWN.get(atom);
  if (known) {
    return known;
  }
  const characters = matchedBy(atom);
  if (KNOWN.size < MAX_KNOWN) {
    KNOWN.set(atom, characters);
  }
  return characters;
}

function matchedBy(atom: string): ReadonlySet<string> {
  try {
    const test = new RegExp(`^(?:${atom})$`);
    return new Set(SAMPLE.filter((character) => test.test(character)));
  } catch {
    return new Set();
  }
}
