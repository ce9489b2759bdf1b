import { phraseOf } from './phrases.js';
import { PROGRAMS } from './word-lists.js';
import type { Token } from './words.js';

const PRECEDES_TOOL = new Set(['in', 'on', 'using']);

/** `a shop in Express with products` says of things: `a shop with products`; the rest of it is read with the wishes. */
export function withoutTools(sentence: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (let position = 0; position < sentence.length;) {
    const length = toolLengthAt(sentence, position);
    kept.push(...(length > 0 ? [] : sentence.slice(position, position + 1)));
    position += Math.max(length, 1);
  }
  return kept;
}

/** How many words name what the service is built with: `in Express`, `on a PostgreSQL database`, `in memory`. */
function toolLengthAt(sentence: readonly Token[], position: number): number {
  if (!PRECEDES_TOOL.has(sentence[position]?.word ?? '')) {
    return toolsBeforeProgram(sentence, position);
  }
  const hasArticle = ['a', 'an', 'the'].includes(sentence[position + 1]?.word ?? '');
  const from = position + (hasArticle ? 2 : 1);
  const whole = nameLengthAt(sentence, position);
  return whole > 0 ? whole : lengthIfAny(from - position, nameLengthAt(sentence, from));
}

/** `express typescript api` */
function toolsBeforeProgram(sentence: readonly Token[], position: number): number {
  let end = position;
  for (let length = nameLengthAt(sentence, end); length > 0;) {
    end += length;
    length = nameLengthAt(sentence, end);
  }
  const isOfProgram = PROGRAMS.has(sentence[end]?.key ?? '') || sentence[end]?.word === 'rest';
  return isOfProgram ? end - position : 0;
}

function lengthIfAny(before: number, length: number): number {
  return length > 0 ? before + length : 0;
}

/** How many words name a framework, a database or a language. */
export function nameLengthAt(sentence: readonly { word: string }[], position: number): number {
  return (
    [2, 1].find((length) => {
      const words = sentence.slice(position, position + length).map(({ word }) => word);
      const kind = words.length === length ? phraseOf(words.join(' '))?.means.kind : undefined;
      return kind === 'framework' || kind === 'database' || kind === 'language';
    }) ?? 0
  );
}
