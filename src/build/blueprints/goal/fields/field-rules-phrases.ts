import type { FieldSpec } from '../../project-spec.js';
import { makeNumber, setBound, takeBounds, takeMeasure } from './bound-phrases.js';
import { typeNamed } from './field-types.js';
import { setValues, takeAlternatives, takeValueOf, takeWords } from './value-lists.js';
import type { Cursor } from '../words/words.js';

const NOT = "can't|cannot|mustn't|shouldn't|isn't|aren't|never";
const MODAL = 'can|must|may|should|will|shall';

const DEFAULTS = [
  ...['defaults|defaulting|default to', 'default is|of|:|value', 'default'],
  ...['starting|starts|beginning|begins at|with|from', 'initially'],
];

/**
 * Reads one rule of a field, such as `of at most 100 characters` or `is unique`, into the field.
 *
 * @returns Whether there was one; else the cursor stands where it stood.
 */
export function takeRule(c: Cursor, field: FieldSpec): boolean {
  return (
    c.attempt(() => {
      const from = c.position;
      const isNegated = takeLink(c);
      const isLinked = c.position > from;
      return (
        takeOne(c, field, isNegated) ||
        (isLinked && !isNegated && takeAlternatives(c, field)) ||
        undefined
      );
    }) ?? false
  );
}

/** What may stand between a field and its rule. @returns whether it negates */
function takeLink(c: Cursor): boolean {
  c.take('which|that');
  const isNegated = c.takeAny([
    ...[`${MODAL} never|not be|go|fall|drop`, `${NOT} be|go|fall|drop`, 'is|are not|never'],
    ...['may|can|must|should not', NOT],
  ]);
  if (isNegated) {
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
  } else if (c.take('negative')) {
    delete field.min;
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

function takeDefault(c: Cursor, field: FieldSpec): boolean {
  const isLate = c.peek(1)?.word === 'by' && c.peek(2)?.word === 'default';
  if (!isLate && !c.takeAny(DEFAULTS)) {
    return false;
  }
  c.take('\'|"|`');
  const value = takeValueOf(c, field);
  const number = value === undefined ? c.takeNumber() : undefined;
  const { token } = c;
  if (value !== undefined) {
    field.default = value;
  } else if (number !== undefined) {
    makeNumber(field, number);
    field.default = number;
    takeMeasure(c);
  } else if (token && !token.isMark) {
    c.position += 1;
    const isFlag = /^(true|false|yes|no)$/.test(token.word);
    field.default = isFlag ? /^(true|yes)$/.test(token.word) : token.word;
    field.type = isFlag ? 'boolean' : field.type;
  } else {
    return false;
  }
  c.take('\'|"|`');
  c.take('by default');
  return true;
}
