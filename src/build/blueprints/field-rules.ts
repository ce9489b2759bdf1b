import type { FieldSpec, FieldType } from './project-spec.js';

/** Digits of a decimal before and after the point: as JSON numbers they come back exactly. */
export const DECIMAL_DIGITS = { whole: 10, fraction: 4 } as const;

const MAX_LENGTHS: Partial<Record<FieldType, number>> = {
  string: 255,
  text: 10_000,
  email: 254,
  url: 2_048,
};

/** What fits the column: 32 bits, and the digits of a decimal. */
const MAX_NUMBERS: Partial<Record<FieldType, number>> = {
  integer: 2_147_483_647,
  decimal: 9_999_999_999,
};

const UNIQUE_TYPES: readonly FieldType[] = [
  ...(['string', 'integer', 'decimal', 'date', 'datetime', 'uuid', 'email', 'url'] as const),
];

export function isText(type: FieldType): boolean {
  return type in MAX_LENGTHS;
}

export function isNumber(type: FieldType): boolean {
  return type in MAX_NUMBERS;
}

/** Null where a caller gave nothing. */
export function isNullable(field: FieldSpec): boolean {
  return !field.required && field.default === undefined;
}

/** Least and greatest value of a number, or length of a text, as every framework checks them; `null`: has none. */
export function boundsOf(field: FieldSpec): { min: number; max: number } | null {
  const maxNumber = MAX_NUMBERS[field.type];
  if (maxNumber !== undefined) {
    return { min: field.min ?? -maxNumber, max: field.max ?? maxNumber };
  }
  const maxLength = MAX_LENGTHS[field.type];
  return maxLength === undefined
    ? null
    : { min: field.min ?? (field.required ? 1 : 0), max: field.max ?? maxLength };
}

/** What is wrong with a field's own rules, in words for the person who wrote them; `null`: nothing. */
export function problemOfField(field: FieldSpec): string | null {
  const { type, values } = field;
  if (type === 'enum' && !values?.length) {
    return 'an enum needs values';
  }
  if (type !== 'enum' && values !== undefined) {
    return `only an enum has values, and this is ${type}`;
  }
  if (values && new Set(values).size < values.length) {
    return 'values must differ';
  }
  if (field.unique && !UNIQUE_TYPES.includes(type)) {
    return `a field of type ${type} can't be unique`;
  }
  return problemOfBounds(field) ?? problemOfDefault(field);
}

function problemOfBounds(field: FieldSpec): string | null {
  const bounds = boundsOf(field);
  if (bounds === null || field.type === 'email' || field.type === 'url') {
    const has = field.min !== undefined || field.max !== undefined;
    return has ? `a field of type ${field.type} has no min and max` : null;
  }
  const widest = MAX_NUMBERS[field.type] ?? MAX_LENGTHS[field.type] ?? 0;
  const least = isNumber(field.type) ? -widest : 0;
  if (bounds.min > bounds.max) {
    return 'min is greater than max';
  }
  if (bounds.min < least || bounds.max > widest || (isText(field.type) && bounds.max < 1)) {
    return `min and max must lie between ${least} and ${widest}`;
  }
  const isWhole = (value: number) => Number.isInteger(value) || field.type === 'decimal';
  return isWhole(bounds.min) && isWhole(bounds.max) ? null : 'min and max must be whole numbers';
}

function problemOfDefault(field: FieldSpec): string | null {
  const { default: value, type } = field;
  return value === undefined || fits(value, field) ? null : `the default is no valid ${type}`;
}

/** Whether a value could come from a caller. */
function fits(value: string | number | boolean, field: FieldSpec): boolean {
  const bounds = boundsOf(field);
  if (isNumber(field.type)) {
    return (
      typeof value === 'number' &&
      bounds !== null &&
      value >= bounds.min &&
      value <= bounds.max &&
      (field.type === 'decimal' || Number.isInteger(value))
    );
  }
  if (field.type === 'boolean') {
    return typeof value === 'boolean';
  }
  if (typeof value !== 'string') {
    return false;
  }
  if (field.type === 'enum') {
    return field.values?.includes(value) ?? false;
  }
  // A fixed date, id, address or document for everybody is nobody's wish.
  const isPlainText = field.type === 'string' || field.type === 'text';
  return isPlainText && bounds !== null && value.length >= bounds.min && value.length <= bounds.max;
}
