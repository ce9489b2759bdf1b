import fc from 'fast-check';
import { resolved, type OpenApi, type Schema } from './openapi-operations.js';

/** Values that exist, so that requests reach what lies behind "not found". */
export type KnownValues = Record<string, string[]>;

const TEXTS = [
  ...['', ' ', '.', '..', '/', '\\', '%', '%00', '\0', '\u0001', '\ud800', '\u202e', '\ufeff'],
  ...['null', 'true', '0', '-1', '1e999', 'NaN', '*', '__proto__', 'constructor', 'toString'],
  ...[
    "' OR 1=1 --",
    '"; DROP TABLE users; --',
    '{{7*7}}',
    '${7*7}',
    '<script>',
    '$(id)',
    '../../etc/passwd',
  ],
  ...['x'.repeat(65), 'x'.repeat(129), 'x'.repeat(10_001), 'İ'.repeat(64), '٣', 'ﬀ', '👩‍👩‍👧‍👦'],
];
const NUMBERS = [0, -0, -1, 1, 0.5, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, Number.MIN_VALUE];
/** Texts that break things, and any other. */
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
export const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer(),
  fc.double({ noNaN: true }),
);
/** Anything that JSON can say. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  text,
  number,
  fc.constantFrom(null, true, false, [], {}, [[]], [null], { __proto__: null }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values that fit a schema, borders included. */
export function valueOf(
  schema: Schema,
  schemas: OpenApi['schemas'],
  known: KnownValues,
  name = '',
): fc.Arbitrary<unknown> {
  const {
    enum: values,
    type,
    oneOf,
    items,
    properties,
    required,
    ...rest
  } = resolved(schema, schemas);
  const existing = known[name] ?? [];
  if (values) {
    return fc.constantFrom(...values);
  }
  if (existing.length > 0) {
    return fc.constantFrom(...existing);
  }
  if (oneOf) {
    return fc.oneof(...oneOf.map((each) => valueOf(each, schemas, known)));
  }
  const kind = Array.isArray(type) ? type[0] : type;
  if (kind === 'array') {
    return fc.array(items ? valueOf(items, schemas, known) : anything, { maxLength: 4 });
  }
  if (kind === 'object') {
    const fields = Object.entries(properties ?? {}).map(
      ([key, each]) => [key, valueOf(each, schemas, known, key)] as const,
    );
    return properties
      ? fc.record(Object.fromEntries(fields), { requiredKeys: required ?? [] })
      : fc.dictionary(text, text, { maxKeys: 3 });
  }
  return plainOf(kind, rest);
}

function plainOf(kind: string | undefined, schema: Schema): fc.Arbitrary<unknown> {
  const { minimum = 0, maximum = 1_000 } = schema;
  if (kind === 'integer') {
    return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31) });
  }
  if (kind === 'number') {
    return fc.double({ min: minimum, max: maximum, noNaN: true });
  }
  return kind === 'boolean' ? fc.boolean() : stringOf(schema);
}

function stringOf({
  format,
  pattern,
  minLength = 0,
  maxLength = 60,
}: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') {
    return fc.uuid();
  }
  if (pattern !== undefined) {
    return fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{3,20}$/);
  }
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) });
}
