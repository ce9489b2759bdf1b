import fc from 'fast-check';
import { anything, number, text, valueOf, type KnownValues } from './fuzz-values.js';
import type { OpenApi, Operation } from './openapi-operations.js';

/** One request as it is sent. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

const STRANGE_SEGMENTS = [
  '%00',
  '%',
  '%zz',
  '%ff%fe',
  '..%2f..',
  '%2e%2e',
  '%5c',
  'a%0d%0ab',
  ';',
  '%c0%ae',
  '%ed%a0%80',
];
const NO_JSON = [
  '{"',
  '',
  '{',
  '[',
  '"',
  'nul',
  '{"a":1,}',
  '{"a":}',
  "{'a':1}",
  '\u0000',
  '1'.repeat(400),
  '['.repeat(5_000),
  '{"a":'.repeat(5_000),
];

/** Requests for one operation: those that fit its schema, those at the borders, and those that fit nothing. */
export function requestsFor(
  operation: Operation,
  { schemas }: OpenApi,
  known: KnownValues,
): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      path: pathOf(operation, known),
      query: queryOf(operation, schemas, known),
      headers: headersOf(operation),
      body: bodyOf(operation, schemas, known),
    })
    .map(({ path, query, headers, body }) => ({
      method: operation.method,
      path: `${path}${query}`,
      headers: { ...headers, ...(body && { 'content-type': body.type }), ...body?.headers },
      ...(body && { body: body.bytes }),
    }));
}

function pathOf({ path }: Operation, known: KnownValues): fc.Arbitrary<string> {
  const parts = path.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? fc.constant(part) : segment(known[name] ?? []);
  });
  return fc
    .tuple(fc.tuple(...parts), fc.constantFrom('', '', '', '/'))
    .map(([segments, end]) => `${segments.join('')}${end}`);
}

function segment(values: string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...values, 'x') },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 2, arbitrary: text.map(encoded) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGE_SEGMENTS) },
  );
}

function queryOf(
  { parameters }: Operation,
  schemas: OpenApi['schemas'],
  known: KnownValues,
): fc.Arbitrary<string> {
  const named = parameters
    .filter((each) => each.in === 'query')
    .map(({ name, schema }) =>
      fc
        .oneof(valueOf(schema, schemas, known, name), text, number)
        .map((value) => `${name}=${encoded(String(value))}`),
    );
  const strange = fc.constantFrom(
    'a[b]=1',
    'limit=1&limit=2',
    'limit[]=1',
    '__proto__[x]=1',
    '=',
    '&&',
    '%',
    'q=%00',
    'token=x',
  );
  return fc
    .array(fc.oneof(...named, strange), { maxLength: 3 })
    .map((pairs) => (pairs.length > 0 ? `?${pairs.join('&')}` : ''));
}

function headersOf({ parameters }: Operation): fc.Arbitrary<Record<string, string>> {
  const latin = fc.string({ maxLength: 300 }).map((value) => value.replace(/[^\x20-\x7e]/g, '.'));
  const odd: Record<string, fc.Arbitrary<string>> = {
    accept: fc.constantFrom(
      '*/*',
      'text/event-stream',
      'application/xml',
      ';;;',
      'a'.repeat(4_000),
    ),
    range: fc.constantFrom('bytes=0-0', 'bytes=5-1', 'bytes=0-99999999999', 'x'),
    'if-none-match': fc.constantFrom('*', '"x"'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', 'x', ', ,', '::1,'.repeat(100)),
    'x-http-method-override': fc.constantFrom('DELETE', 'CONNECT'),
    'x-request-id': latin,
    origin: fc.constantFrom('null', 'https://evil.example', 'x'),
    cookie: latin,
    'accept-encoding': fc.constantFrom('gzip', 'identity;q=0', '*;q=0'),
    expect: fc.constantFrom('100-continue', 'x'),
    ...Object.fromEntries(
      parameters
        .filter((each) => each.in === 'header')
        // A valid `Prefer: wait` holds the answer as long as it says.
        .map(({ name }) => [
          name.toLowerCase(),
          name === 'Prefer' ? fc.constantFrom('wait=0', 'wait', 'wait=-1', 'x; y=z, ,') : latin,
        ]),
    ),
  };
  return fc
    .subarray(Object.keys(odd), { maxLength: 2 })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, odd[name] ?? latin]))),
    );
}

interface FuzzBody {
  type: string;
  bytes: Buffer;
  headers?: Record<string, string>;
}

function bodyOf(
  { bodies }: Operation,
  schemas: OpenApi['schemas'],
  known: KnownValues,
): fc.Arbitrary<FuzzBody | undefined> {
  const schema = bodies['application/json'];
  if (!schema) {
    const json = anything.map((value) => ({ type: 'application/json', bytes: toJson(value) }));
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: json },
    );
  }
  const valid = valueOf(schema, schemas, known);
  const near = valid.chain((value) =>
    fc
      .tuple(fc.constantFrom(...Object.keys(value as object), 'role', 'owner'), anything)
      .map(([name, other]) => ({ ...(value as object), [name]: other })),
  );
  const types = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'application/json; charset=x',
    'application/zip',
    'text/plain',
    'x',
    '',
  );
  const broken = fc.oneof(
    fc.constantFrom(...NO_JSON).map((each) => Buffer.from(each)),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(valid, fc.nat(200)).map(([value, length]) => toJson(value).subarray(0, length)),
  );
  const asJson = (value: unknown) => ({ type: 'application/json', bytes: toJson(value) });
  return fc.oneof(
    { weight: 3, arbitrary: valid.map(asJson) },
    { weight: 5, arbitrary: near.map(asJson) },
    { weight: 2, arbitrary: anything.map(asJson) },
    { weight: 2, arbitrary: fc.record({ type: types, bytes: broken }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: types,
        bytes: valid.map(toJson),
        headers: fc.constantFrom(
          { 'content-encoding': 'gzip' },
          { 'content-encoding': 'br' },
          { 'content-encoding': 'x' },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? 'null');
}

/** Percent-encoded, lone surrogates as well as they can be. */
function encoded(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'));
}
