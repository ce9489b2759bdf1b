import type { ValidationError } from 'class-validator';
import type { FieldError } from '../api-error.js';
import { keepsUnknown } from './decorators.js';

/** What failed, split by the answer it asks for: 400 for `dangerous`, 422 for `invalid`. */
export interface Failures {
  dangerous: FieldError[];
  invalid: FieldError[];
}

/** Where a value isn't even of the right type, its other constraints say nothing of use. */
const TYPE_CONSTRAINTS = ['isObject', 'isArray', 'isString', 'isInt', 'isNumber', 'isBoolean'];

/** Turns class-validator's tree into one entry a field, with its path on the wire (`resources[0].name`). */
export function fieldErrors(errors: ValidationError[], parent = ''): Failures {
  const found: Failures = { dangerous: [], invalid: [] };
  for (const error of errors) {
    const field = pathOf(parent, error);
    for (const [name, message] of chosen(error)) {
      const isDangerous = codeOf(error, name) === 'bad_request';
      found[isDangerous ? 'dangerous' : 'invalid'].push({
        field,
        message: readable(error, name, message),
      });
    }
    const below = fieldErrors(error.children ?? [], field);
    // No spread: a list may fail in more places than a call can have arguments.
    found.dangerous = found.dangerous.concat(below.dangerous);
    found.invalid = found.invalid.concat(below.invalid);
  }
  return found;
}

function pathOf(parent: string, error: ValidationError): string {
  if (parent && /^\d+$/.test(error.property)) {
    return `${parent}[${error.property}]`;
  }
  return parent ? `${parent}.${error.property}` : error.property;
}

/** At most one constraint of a kind: the dangerous one, else the type's, else the first. */
function chosen(error: ValidationError): [name: string, message: string][] {
  const failed = Object.entries(error.constraints ?? {}).filter(
    ([name]) => name !== 'whitelistValidation' || !keepsUnknown(error.target),
  );
  const best =
    failed.find(([name]) => codeOf(error, name) === 'bad_request') ??
    failed.find(([name]) => TYPE_CONSTRAINTS.includes(name)) ??
    failed[0];
  return best ? [best] : [];
}

function codeOf(error: ValidationError, constraint: string): unknown {
  const context: unknown = error.contexts?.[constraint];
  return typeof context === 'object' && context !== null && 'code' in context
    ? context.code
    : undefined;
}

function readable(error: ValidationError, constraint: string, message: string): string {
  if (constraint === 'whitelistValidation') {
    return 'is not a known field';
  }
  if (error.value === undefined) {
    return 'is required';
  }
  if (constraint === 'nestedValidation') {
    return 'must be an object';
  }
  const prefix = `${error.property} `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
