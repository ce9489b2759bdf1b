import { NotFoundException } from '@nestjs/common';
import { ApiError } from './api-error.js';
import { toApiError } from './exception.filter.js';

describe(toApiError.name, () => {
  it('keeps what a feature threw', () => {
    const error = new ApiError('conflict', 'Taken');
    expect(toApiError(error)).toBe(error);
  });

  it.each([
    ['a framework exception', new NotFoundException('Cannot GET /secret'), 404, 'Not found'],
    [
      'a refused body',
      Object.assign(new Error('entity too large'), { status: 413 }),
      413,
      'The request is too large',
    ],
    ['an unreadable path', new URIError('URI malformed'), 400, 'The request could not be read'],
    [
      'a lost database',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      503,
      'The database is not available; try again later',
    ],
    ['a bug', new TypeError('x is not a function'), 500, 'Internal error'],
    ['a thrown string', 'oops', 500, 'Internal error'],
  ])('turns %s into the documented error, without its text', (_, thrown, status, detail) => {
    const { status: got, detail: text } = toApiError(thrown);
    expect({ got, text }).toEqual({ got: status, text: detail });
  });
});
