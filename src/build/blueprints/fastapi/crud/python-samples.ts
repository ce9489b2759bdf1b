import type { FieldView } from '../../resource-view.js';
import { LongText, sampleValuesOf, type Json } from '../../sample-values.js';
import { pythonLiteral } from './python-literal.js';

/** Values for the tests of one field, as Python source. */
export interface PythonSamples {
  valid: [string, string, string];
  edges: string[];
  invalid: string[];
}

export function samplesOf(field: FieldView): PythonSamples {
  const { valid, edges, invalid } = sampleValuesOf(field);
  return {
    valid: [write(valid[0]), write(valid[1]), write(valid[2])],
    edges: edges.map(write),
    invalid: invalid.map(write),
  };
}

function write(value: Json | LongText): string {
  if (!(value instanceof LongText)) {
    return pythonLiteral(value);
  }
  const { length, key } = value;
  const text = value.isShort ? pythonLiteral('x'.repeat(length)) : `"x" * ${length}`;
  return key === undefined ? text : `{${pythonLiteral(key)}: ${text}}`;
}
