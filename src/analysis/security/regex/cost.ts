import { charactersOf, parseRegex, type RegexItem } from './syntax.js';

/** True for a repeated group that can split the same text into rounds in more ways than one. */
export function isExponential(pattern: string): boolean {
  if (pattern.length > 2000 || !/[+*}]\??\)|\)[+*{]/.test(pattern)) {
    return false;
  }
  return (parseRegex(pattern) ?? []).some((option) => hasCostlyGroup(option, false));
}

/** `mayFail`: something after these items can fail, so that all the ways are tried. */
function hasCostlyGroup(items: readonly RegexItem[], mayFail: boolean): boolean {
  return items.some((item, index) => {
    const followed = mayFail || index + 1 < items.length;
    if (!item.group) {
      return false;
    }
    return (
      (item.max === Infinity && followed && isAmbiguous(item.group)) ||
      item.group.some((option) => hasCostlyGroup(option, followed))
    );
  });
}

function isAmbiguous(options: readonly (readonly RegexItem[])[]): boolean {
  const single = options.map(onlyCharacter);
  const overlap = single.some(
    (characters, i) =>
      characters && single.slice(i + 1).some((other) => other && intersects(characters, other)),
  );
  return overlap || options.some(repeatsWithin);
}

/** `a+`, `a+b?`, `a+.`: a repetition, and nothing required beside it that it couldn't match itself. */
function repeatsWithin(option: readonly RegexItem[]): boolean {
  const items = option.flatMap((item) => unwrapped(item));
  return items.some((item, index) => {
    if (item.max !== Infinity || item.one === undefined) {
      return false;
    }
    const own = charactersOf(item.one);
    return items.every(
      (other, i) =>
        i === index ||
        (other.one === undefined && !other.group) ||
        other.min === 0 ||
        (other.one !== undefined && intersects(own, charactersOf(other.one))),
    );
  });
}

/** `([a-z])+` is `[a-z]+`; a group of one option that is not repeated is what stands in it. */
function unwrapped(item: RegexItem): readonly RegexItem[] {
  const [only, ...others] = item.group ?? [];
  if (!only || others.length > 0) {
    return [item];
  }
  const [inner] = only;
  if (only.length === 1 && inner?.one !== undefined && inner.max === 1) {
    return [{ ...inner, min: item.min, max: item.max }];
  }
  return item.max === 1 && item.min === 1 ? only.flatMap((part) => unwrapped(part)) : [item];
}

function onlyCharacter(option: readonly RegexItem[]): ReadonlySet<string> | null {
  const [item] = option;
  return option.length === 1 && item?.one !== undefined ? charactersOf(item.one) : null;
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const character of a) {
    if (b.has(character)) {
      return true;
    }
  }
  return false;
}

const COSTS = new Map<string, boolean>();
const MAX_COSTS = 2_000;

/**
 * True where a repetition can begin at any place of the text and what follows it can fail: each place is tried to the
 * end, `/\s+$/` on many spaces.
 */
export function isPolynomial(pattern: string): boolean {
  const known = COSTS.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const options = pattern.length > 500 ? null : parseRegex(pattern);
  const result = (options ?? []).some((items) => startsAnywhere(items, pattern));
  if (COSTS.size < MAX_COSTS) {
    COSTS.set(pattern, result);
  }
  return result;
}

function startsAnywhere(items: readonly RegexItem[], pattern: string): boolean {
  const [first, ...rest] = items;
  return (
    first?.one !== undefined &&
    first.max === Infinity &&
    !pattern.startsWith('^') &&
    (rest.some((item) => item.min > 0 && item.max !== Infinity) || /\$$/.test(pattern)) &&
    charactersOf(first.one).size > 0
  );
}
