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
  return overlap || options.some(repeatsWithin) || coversSequence(options, single);
}

/** `(\\.|[^"])*`: one option matches, character by character, what another matches as a whole. */
function coversSequence(
  options: readonly (readonly RegexItem[])[],
  single: readonly (ReadonlySet<string> | null)[],
): boolean {
  return options.some(
    (option) =>
      option.length > 1 &&
      option.every((item) => item.one !== undefined) &&
      single.some(
        (characters) =>
          characters &&
          option.every(
            ({ one = '', min }) => min === 0 || intersects(characters, charactersOf(one)),
          ),
      ),
  );
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
