import { toApiError } from './exception.filter.js';

/** As the body parser throws them. */
function bodyError(message: string, more: object): Error {
  return Object.assign(new Error(message), { status: 400, ...more });
}

describe(toApiError, () => {
  it.each([
    ['bad JSON', bodyError('Unexpected token', { type: 'entity.parse.failed' }), 'bad_request'],
    [
      'JSON that ends in a string, whose message reads like a lost connection',
      bodyError('Unterminated string in JSON at position 2', { type: 'entity.parse.failed' }),
      'bad_request',
    ],
    [
      'a client that left in its body, whose code is that of a lost connection',
      bodyError('request aborted', { type: 'request.aborted', code: 'ECONNABORTED' }),
      'bad_request',
    ],
    ['a path that is none', new URIError('URI malformed'), 'bad_request'],
    ['a body that is too large', bodyError('too large', { status: 413 }), 'payload_too_large'],
    [
      'a lost database',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'service_unavailable',
    ],
    ['a bug', new TypeError('x is undefined'), 'internal_error'],
    ['what is no error', 'x', 'internal_error'],
  ])('translates %s', (_, thrown, code) => {
    expect(toApiError(thrown).code).toBe(code);
  });

  it('says how large a body may be', () => {
    const thrown = bodyError('too large', { status: 413, limit: 1024 * 1024 });
    expect(toApiError(thrown).detail).toBe('The body is larger than 1 MiB');
  });
});
