import type { FieldSpec } from '../../project-spec.js';
import { typeNamed } from './field-types.js';
import type { Cursor, Token } from '../words/words.js';

const SEPARATORS = ',|/|;';
const SLASH = '/';
const QUOTES = '\'|"|`';
/** Say something of the field, so that what they stand in is no value. */
const RULE_WORDS = new Set([
  ...['unique', 'required', 'optional', 'mandatory', 'positive', 'nullable', 'true', 'false'],
  ...['max', 'min', 'maximum', 'minimum', 'exactly', 'between', 'greater', 'less', 'than', 'not'],
]);
/** No value goes on with them. */
const END_VALUE = new Set([
  ...[
    'and',
    'or',
    'with',
    'default',
    'defaults',
    'defaulting',
    'by',
    'which',
    'that',
    'when',
    'if',
  ],
  ...['unless', 'is', 'are', 'has', 'have', 'can', 'must', 'should'],
]);
/** Fields whose values are called as types are: a question of type `text`. */
const KINDS = new Set(['type', 'kind', 'format', 'mode', 'channel', 'medium']);
const ANSWERS = ['yes_no', 'no_yes', 'true_false', 'false_true', 'y_n'];

/**
 * Words and phrases in a row: `draft, in progress or done`, `low/high`. The one after `and` or `or` is the last; what
 * says a rule, or names another field with one, is none of them.
 *
 * @param isInBrackets So that no other field can follow: `(HR, Sales)`, but `in EUR, USD and a price`.
 */
export function takeWords(c: Cursor, isInBrackets = false): string[] {
  const values: Token[][] = [];
  let separators = SEPARATORS;
  c.takeAny(['one|any of', 'either']);
  for (let isLast = false; !isLast;) {
    const from = c.position;
    if (values.length > 0) {
      // What a comma parts from `low/high` is none of them.
      separators = values.length === 1 && c.isAt(SLASH) ? SLASH : separators;
      const hadSeparator = c.take(separators);
      isLast = c.take('and|or');
      if (!hadSeparator && !isLast) {
        break;
      }
    }
    const words = takeValue(c);
    if (
      words.length === 0 ||
      words.some(isRuleWord) ||
      (!isInBrackets && areCapitals(values) && !areCapitals([words]))
    ) {
      c.position = from;
      break;
    }
    values.push(words);
  }
  // `EUR` is how everybody writes it; `Draft` only begins its sentence, or a line of a list.
  return values.map((words) =>
    words.map(({ word, text }) => (areCapitals(values) ? text : word)).join('_'),
  );
}

/** One of the values of an enum, in any case. */
export function takeValueOf(c: Cursor, { values = [] }: FieldSpec): string | undefined {
  return values.find((value) => c.take(value.toLowerCase().replaceAll('_', ' ')));
}

/** @returns false where there are fewer than two */
export function setValues(field: FieldSpec, values: readonly string[]): boolean {
  const different = [...new Set(values)];
  if (different.length < 2) {
    return false;
  }
  if (ANSWERS.includes(different.join('_'))) {
    field.type = 'boolean';
    return true;
  }
  field.type = 'enum';
  field.values = different;
  return true;
}

/** `(text, choice or rating)` are values, of a type or kind also `(text, number)`; `(text, required)` are rules. */
export function areValues(words: readonly string[], fieldName: string): boolean {
  const types = words.filter((word) => typeNamed(word) !== undefined).length;
  const isOfKinds = types < words.length - 1 || KINDS.has(fieldName.split('_').at(-1) ?? '');
  return words.length > 1 && (types === 0 || isOfKinds);
}

/** `open, in progress or closed`, after `can be` and the like: the last has to be there. */
export function takeAlternatives(c: Cursor, field: FieldSpec): boolean {
  return (
    c.attempt(() => {
      const words = takeWords(c);
      const end = c.tokens.slice(0, c.position).findLastIndex(({ word }) => word === 'or');
      const isClosed = end >= 0 && c.position - end <= 1 + MAX_WORDS && words.length > 1;
      const isEnd = c.isAtEnd || c.token?.isMark === true || c.isAt('and|with|by|default|defaults');
      const areWords = areValues(words, field.name) && !words.includes('more');
      return isClosed && isEnd && areWords ? setValues(field, words) || undefined : undefined;
    }) ?? false
  );
}

const MAX_WORDS = 3;

function takeValue(c: Cursor): Token[] {
  c.take(QUOTES);
  const words: Token[] = [];
  while (c.token && !c.token.isMark && !END_VALUE.has(c.token.word)) {
    words.push(c.token);
    c.position += 1;
  }
  c.take(QUOTES);
  return words;
}

function isRuleWord({ word }: Token): boolean {
  return RULE_WORDS.has(word) || /\d/.test(word);
}

function areCapitals(values: readonly Token[][]): boolean {
  return values.length > 0 && values.flat().every(({ text }) => /^\p{Lu}+$/u.test(text));
}
