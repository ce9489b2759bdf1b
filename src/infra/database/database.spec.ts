import { isConnectionError } from './database.js';

describe(isConnectionError.name, () => {
  it.each([
    ['a server that is being stopped', { code: '57P01' }],
    ['a server without a place left', { code: '53300' }],
    ['a full disk', { code: '53100' }],
    ['an answer that does not come', new Error('Query read timeout')],
    ['a connection that does not come', new Error('timeout exceeded when trying to connect')],
    [
      'a Unix socket that is gone with its server',
      Object.assign(new Error('connect ENOENT /x/.s.PGSQL.5432'), { code: 'ENOENT' }),
    ],
  ])('takes %s for one that is not available', (_what, error) => {
    expect(isConnectionError(error)).toBe(true);
  });

  it.each([
    ['a unique violation', { code: '23505' }],
    ['a mistake in a statement', { code: '42601', message: 'syntax error' }],
    ['a file that is not there', Object.assign(new Error("ENOENT: open 'x'"), { code: 'ENOENT' })],
  ])('does not take %s for one that is not available', (_what, error) => {
    expect(isConnectionError(error)).toBe(false);
  });
});
