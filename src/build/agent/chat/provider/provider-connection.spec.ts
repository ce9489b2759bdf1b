import { readRetryAfter } from './provider-connection.js';

describe(readRetryAfter, () => {
  it.each([
    ['7', 7000],
    ['0.5', 500],
    ['0', 0],
    ['-3', 0],
    [new Date(0).toUTCString(), 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j: %p ms', (value, expected) => {
    expect(readRetryAfter(value)).toBe(expected);
  });

  it('reads a date', () => {
    const ms = readRetryAfter(new Date(Date.now() + 60_000).toUTCString()) ?? 0;
    expect(Math.abs(ms - 60_000)).toBeLessThan(2000);
  });
});
