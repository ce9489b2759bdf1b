import { isText } from '../../field-rules.js';
import type { FieldSpec } from '../../project-spec.js';
import type { Cursor } from '../words/words.js';

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
const LETTERS = 'characters|character|chars|char|letters|letter|digits|symbols|long';
const MEASURES =
  'seconds|minutes|hours|days|weeks|months|years|kg|kilograms|grams|g|km|kilometers|kilometres|meters|metres|m|cm|mm|tons|' +
  'liters|litres|degrees|usd|eur|dollars|euros|cents|percent|%|€|$';

/** `minutes` after a number, which it says nothing about. */
export function takeMeasure(c: Cursor): string | undefined {
  const { token } = c;
  return c.take(MEASURES) ? token?.word : undefined;
}

/** `12 people`, `5 euros`: what is counted says nothing of the number. */
function takeCounted(c: Cursor): void {
  const next = c.peek();
  const isLast = next === undefined || next.isMark || next.word === 'and';
  if (takeMeasure(c) === undefined && c.token?.isPlural === true && isLast) {
    c.position += 1;
  }
}

/** Reads least and greatest values and lengths: `at least 3`, `1-5`, `of 8 characters`. */
export function takeBounds(c: Cursor, field: FieldSpec): boolean {
  if (c.takeAny(['exactly', 'exact', 'of exactly'])) {
    const isSet = setBound(c, field, 'min', 0);
    field.max = field.min;
    return isSet;
  }
  const [least, most] = [c.token, c.peek()];
  if (least?.kind === 'number' && most?.kind === 'number' && most.text.startsWith('-')) {
    // `1-5`
    c.position += 2;
    field.min = Number(least.text);
    field.max = -Number(most.text);
    if (!c.take(LETTERS)) {
      makeNumber(field);
      takeMeasure(c);
    }
    return true;
  }
  if (least?.kind === 'number' && most && LETTERS.split('|').includes(most.word)) {
    // `of 8 characters`
    c.position += 2;
    field.min = field.max = Number(least.text);
    c.take('long');
    return true;
  }
  if (c.take('between') || (c.isAt('from') && c.peek()?.kind === 'number' && c.take('from'))) {
    return takeRange(c, field, 'and|to');
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
  return c.peek()?.word === 'to' && c.peek(2)?.kind === 'number' && takeRange(c, field, 'to');
}

function takeRange(c: Cursor, field: FieldSpec, between: string): boolean {
  const { type } = field;
  const isRange = setBound(c, field, 'min', 0) && c.take(between) && setBound(c, field, 'max', 0);
  if (isRange && LETTERS.split('|').includes(c.peek(-1)?.word ?? '')) {
    // Said once, of both: `between 2 and 30 characters`.
    field.type = type;
  }
  return isRange;
}

/** @param beyond What an excluded bound adds to a whole number. */
export function setBound(
  c: Cursor,
  field: FieldSpec,
  bound: 'min' | 'max',
  beyond: number,
): boolean {
  c.take('$|€|£');
  const value = c.takeNumber();
  if (value === undefined) {
    return false;
  }
  const isLength = c.take(LETTERS) || isText(field.type);
  if (isLength && c.tokens[c.position - 1]?.kind === 'number' && field.type === 'string') {
    // Nobody counts letters without saying so: what lies between two numbers is one.
    makeNumber(field, value);
  } else if (field.type === 'date' || field.type === 'datetime') {
    // Taken for one by its name: `a turnaround time of at most 48 hours`.
    field.type = Number.isInteger(value) ? 'integer' : 'decimal';
  }
  const step = field.type === 'decimal' ? beyond / 100 : beyond;
  field[bound] = value + step;
  takeCounted(c);
  return true;
}

/** What has a bound, and was taken for a text, is a number. */
export function makeNumber(field: FieldSpec, value = 0): void {
  if (field.type === 'string' || (field.type === 'integer' && !Number.isInteger(value))) {
    field.type = Number.isInteger(value) ? 'integer' : 'decimal';
  }
}
