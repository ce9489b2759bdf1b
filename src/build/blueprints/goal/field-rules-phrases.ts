import { isText } from '../field-rules.js';
import type { FieldSpec } from '../project-spec.js';
import { typeNamed } from './field-types.js';
import type { Cursor, Token } from './words.js';

const AT_LEAST = [
  'at least',
  'minimum of',
  'minimum',
  'min',
  'no less than',
  'not less than',
  'from',
  '> =',
];
const AT_MOST = [
  'at most',
  'maximum of',
  'maximum',
  'max',
  'no more than',
  'not more than',
  'up to',
];
const UNITS = 'characters|character|chars|letters|long|symbols';
const NOT = "can't|cannot|mustn't|shouldn't|isn't|aren't";

/**
 * Reads one rule of a field, such as `of at most 100 characters` or `is unique`, into the field.
 *
 * @returns Whether there was one; else the cursor stands where it stood.
 */
export function takeRule(c: Cursor, field: FieldSpec): boolean {
  return (
    c.attempt(() => {
      const isNegated = takeLink(c);
      return isNegated === undefined ? undefined : takeOne(c, field, isNegated) || undefined;
    }) ?? false
  );
}

/** What may stand between a field and its rule. @returns whether it negates */
function takeLink(c: Cursor): boolean {
  c.take('which|that');
  if (c.takeAny([`${NOT} be`, 'can|must|may|should not be', 'is|are not', NOT])) {
    return true;
  }
  c.takeAny([
    ...['must|should|can|has|have only be', 'must|should|can|may|will be', 'has|have|needs to be'],
    ...['needs|need|must|should have', 'is|are|being', 'of|with'],
  ]);
  return c.take('not');
}

function takeOne(c: Cursor, field: FieldSpec, isNegated: boolean): boolean {
  c.take('a|an|always|by');
  if (isNegated) {
    return takeNegated(c, field);
  }
  return (
    takeWord(c, field) ||
    takeValues(c, field) ||
    takeDefault(c, field) ||
    takeBounds(c, field) ||
    takeType(c, field)
  );
}

function takeNegated(c: Cursor, field: FieldSpec): boolean {
  if (c.take('negative')) {
    field.min = 0;
    makeNumber(field);
    return true;
  }
  if (c.takeAny(['empty', 'null', 'blank', 'missing', 'optional', 'left out', 'left empty'])) {
    field.required = true;
    return true;
  }
  if (c.takeAny(['required', 'mandatory', 'needed'])) {
    field.required = false;
    return true;
  }
  if (c.takeAny(['longer than', 'more than', 'greater than', 'above', 'over', 'exceed'])) {
    return setBound(c, field, 'max', 0);
  }
  if (c.takeAny(['shorter than', 'less than', 'smaller than', 'below', 'under'])) {
    return setBound(c, field, 'min', 0);
  }
  return false;
}

function takeWord(c: Cursor, field: FieldSpec): boolean {
  if (c.take('unique')) {
    field.unique = true;
  } else if (c.take('required|mandatory|obligatory|needed')) {
    field.required = true;
  } else if (c.take('optional|nullable')) {
    field.required = false;
  } else if (c.takeAny(['non-negative', 'nonnegative', 'non negative', 'zero or more'])) {
    field.min = 0;
    makeNumber(field);
  } else if (c.takeAny(['positive', 'greater than zero', 'more than zero', 'greater than 0'])) {
    makeNumber(field);
    field.min = field.type === 'decimal' ? 0.01 : 1;
  } else {
    return false;
  }
  return true;
}

function takeType(c: Cursor, field: FieldSpec): boolean {
  const type = c.attempt(() => {
    c.take('as|:');
    c.take('a|an');
    const named = c.token && typeNamed(c.token.word);
    c.position += named === undefined ? 0 : 1;
    return named;
  });
  field.type = type ?? field.type;
  return type !== undefined;
}

/** `one of draft, published and archived` */
function takeValues(c: Cursor, field: FieldSpec): boolean {
  if (!c.takeAny(['one of', 'either', 'any of', 'enum of', 'enum :', 'in : ', ': one of'])) {
    return false;
  }
  c.take(':');
  return setValues(field, takeWords(c));
}

/** @returns false where there are fewer than two */
export function setValues(field: FieldSpec, values: readonly string[]): boolean {
  if (new Set(values).size < 2) {
    return false;
  }
  field.type = 'enum';
  field.values = [...new Set(values)];
  return true;
}

/** Words and phrases in a row: `draft, in progress or done`. The one after `and` or `or` is the last. */
export function takeWords(c: Cursor): string[] {
  const values: string[] = [];
  let isLast = false;
  for (;;) {
    const words: Token[] = [];
    while (c.token && isValueWord(c.token)) {
      words.push(c.token);
      c.position += 1;
    }
    c.take('\'|"|`');
    if (words.length > 0) {
      values.push(words.map(({ word }) => word).join('_'));
    }
    if (isLast || words.length === 0) {
      return values;
    }
    const hadComma = c.take(',|/');
    isLast = c.take('and|or');
    if (!hadComma && !isLast) {
      return values;
    }
    c.take('\'|"|`');
  }
}

function isValueWord({ isMark, word }: Token): boolean {
  return !isMark && !['and', 'or', 'with', 'default', 'defaults', 'defaulting'].includes(word);
}

function takeDefault(c: Cursor, field: FieldSpec): boolean {
  if (!c.takeAny(['defaults|defaulting|default to', 'default is|of|:|value', 'default'])) {
    return false;
  }
  c.take('\'|"|`');
  const number = c.takeNumber();
  const { token } = c;
  if (number !== undefined) {
    makeNumber(field, number);
    field.default = number;
  } else if (token && !token.isMark) {
    c.position += 1;
    const isFlag = /^(true|false|yes|no)$/.test(token.word);
    field.default = isFlag ? /^(true|yes)$/.test(token.word) : token.word;
    field.type = isFlag ? 'boolean' : field.type;
  } else {
    return false;
  }
  c.take('\'|"|`');
  return true;
}

function takeBounds(c: Cursor, field: FieldSpec): boolean {
  if (c.takeAny(['exactly', 'exact', 'of exactly'])) {
    const isSet = setBound(c, field, 'min', 0);
    field.max = field.min;
    return isSet;
  }
  const [least, most] = [c.token, c.peek()];
  if (least?.kind === 'number' && most?.kind === 'number' && most.text.startsWith('-')) {
    // `1-5`
    c.position += 2;
    makeNumber(field);
    field.min = Number(least.text);
    field.max = -Number(most.text);
    return true;
  }
  if (c.take('between') || (c.isAt('from') && c.peek()?.kind === 'number' && c.take('from'))) {
    return setBound(c, field, 'min', 0) && c.take('and|to') && setBound(c, field, 'max', 0);
  }
  if (c.takeAny(['greater than or equal to', '>=', 'not below', ...AT_LEAST])) {
    return setBound(c, field, 'min', 0);
  }
  if (c.takeAny(['less than or equal to', '<=', ...AT_MOST])) {
    return setBound(c, field, 'max', 0);
  }
  if (c.takeAny(['greater|more|longer|bigger|larger than', 'above', 'over', '>'])) {
    return setBound(c, field, 'min', 1);
  }
  if (c.takeAny(['less|fewer|shorter|smaller than', 'below', 'under', '<'])) {
    return setBound(c, field, 'max', -1);
  }
  return c.peek()?.word === 'to' && c.peek(2)?.kind === 'number'
    ? setBound(c, field, 'min', 0) && c.take('to') && setBound(c, field, 'max', 0)
    : false;
}

/** @param beyond What an excluded bound adds to a whole number. */
function setBound(c: Cursor, field: FieldSpec, bound: 'min' | 'max', beyond: number): boolean {
  const value = c.takeNumber();
  if (value === undefined) {
    return false;
  }
  const isLength = c.take(UNITS) || isText(field.type);
  if (isLength && c.tokens[c.position - 1]?.kind === 'number' && field.type === 'string') {
    // Nobody counts letters without saying so: what lies between two numbers is one.
    makeNumber(field, value);
  }
  const step = field.type === 'decimal' ? beyond / 100 : beyond;
  field[bound] = value + step;
  return true;
}

function makeNumber(field: FieldSpec, value = 0): void {
  if (field.type === 'string' || (field.type === 'integer' && !Number.isInteger(value))) {
    field.type = Number.isInteger(value) ? 'integer' : 'decimal';
  }
}
