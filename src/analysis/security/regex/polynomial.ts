import { charactersOf, parseRegex, type RegexItem } from './syntax.js';

/** One character, or a run of them, on one way through an expression; an assertion has no characters. */
interface Piece {
  readonly characters: ReadonlySet<string>;
  readonly isAssertion: boolean;
  readonly min: number;
  readonly max: number;
}

const MAX_WAYS = 48;
const MAX_PIECES = 60;
const COSTS = new Map<string, boolean>();
const MAX_COSTS = 2_000;

/**
 * True where two repetitions can share the same text and what follows them can fail, so that every division of it is
 * tried: `/\s*\n\s*x/` on line feeds. A search begins at any place, which counts as the first of the two: `/\s+$/`.
 */
export function isPolynomial(pattern: string): boolean {
  const known = COSTS.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const options = pattern.length > 500 || !/[+*,]/.test(pattern) ? null : parseRegex(pattern);
  const isEnd = /(^|[^\\])(\\\\)*\$\)*$/.test(pattern);
  const result = (options ?? []).some((items) =>
    waysThrough(items).some((way) => divides(way, pattern, isEnd)),
  );
  if (COSTS.size < MAX_COSTS) {
    COSTS.set(pattern, result);
  }
  return result;
}

/** Each sequence of pieces that the options of groups allow; a repeated group counts once. */
function waysThrough(items: readonly RegexItem[]): readonly (readonly Piece[])[] {
  let ways: (readonly Piece[])[] = [[]];
  for (const item of items) {
    const own = piecesOf(item);
    ways = ways
      .flatMap((way) => own.map((pieces) => [...way, ...pieces]))
      .slice(0, MAX_WAYS)
      .map((way) => way.slice(0, MAX_PIECES));
  }
  return ways;
}

function piecesOf(item: RegexItem): readonly (readonly Piece[])[] {
  const { min, max } = item;
  if (item.one !== undefined) {
    return [[{ characters: charactersOf(item.one), isAssertion: false, min, max }]];
  }
  if (!item.group) {
    return [[{ characters: new Set(), isAssertion: true, min: 0, max: 1 }]];
  }
  const single = item.group.map((option) => (option.length === 1 ? option[0] : undefined));
  if (max === Infinity && single.every((only) => only?.one !== undefined)) {
    const characters = new Set(single.flatMap((only) => [...charactersOf(only?.one ?? '')]));
    return [[{ characters, isAssertion: false, min, max }]];
  }
  const inside = item.group.flatMap((option) => waysThrough(option));
  return min === 0 ? [...inside, []] : inside;
}

const ANYTHING = charactersOf('[\\s\\S]');

function divides(way: readonly Piece[], pattern: string, isEnd: boolean): boolean {
  const start: Piece = { characters: ANYTHING, isAssertion: false, min: 0, max: Infinity };
  const pieces = pattern.startsWith('^') ? way : [start, ...way];
  return pieces.some((first, i) => {
    if (first.max !== Infinity || first.isAssertion) {
      return false;
    }
    // What both can match, with whatever must stand between them.
    for (let j = i + 1; j < pieces.length; j += 1) {
      const second = pieces[j];
      if (!second || second.isAssertion) {
        return false;
      }
      const both = shared(first.characters, second.characters);
      if (second.max === Infinity && both.size > 0 && fails(pieces.slice(j + 1), both, isEnd)) {
        return betweenFits(pieces.slice(i + 1, j), both);
      }
      if (second.min > 0 && both.size === 0) {
        return false;
      }
    }
    return false;
  });
}

const betweenFits = (between: readonly Piece[], both: ReadonlySet<string>): boolean =>
  between.every(({ min, characters }) => min === 0 || shared(characters, both).size > 0);

/** Whether text of these characters alone leaves what follows without a match. */
function fails(rest: readonly Piece[], both: ReadonlySet<string>, isEnd: boolean): boolean {
  return (
    rest.some(
      ({ min, isAssertion, characters }) =>
        !isAssertion && min > 0 && [...both].some((character) => !characters.has(character)),
    ) ||
    (isEnd && both.size < ANYTHING.size - 1)
  );
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return a === ANYTHING ? b : new Set([...a].filter((character) => b.has(character)));
}
