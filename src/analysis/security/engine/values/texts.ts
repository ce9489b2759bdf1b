import type { Template, Value } from './value.js';

const MAX_PIECES = 80;

/** Text from pieces, neighbours merged. */
export function templateOf(pieces: readonly (Template | null)[]): Template {
  const result: (string | null)[] = [];
  for (const piece of pieces) {
    for (const part of piece ?? [null]) {
      const last = result[result.length - 1];
      if (part !== null && typeof last === 'string') {
        result[result.length - 1] = last + part;
      } else if (!(part === null && last === null && result.length > 0)) {
        result.push(part);
      }
    }
    if (result.length > MAX_PIECES) {
      return [...result.slice(0, MAX_PIECES), null];
    }
  }
  return result;
}

/** The whole text when every part of it is known. */
export function fullText(value: Value): string | null {
  if (!value.text) {
    return null;
  }
  return value.text.includes(null) ? null : value.text.join('');
}

/** Longer text is cut before a table's expressions look at it, so that no input makes them slow. */
const MAX_LOOKED_AT = 4_000;

/** What is known of a text, with `\0` for each part that isn't; null when nothing is. */
export const knownText = ({ text }: Value): string | null =>
  text
    ?.map((part) => (part ?? '\0').slice(0, MAX_LOOKED_AT))
    .join('')
    .slice(0, MAX_LOOKED_AT) ?? null;
