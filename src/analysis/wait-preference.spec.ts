import { readWait } from './wait-preference.js';

describe(readWait, () => {
  it.each([
    ['wait=30', 30],
    ['respond-async, Wait = "5"', 5],
    ['wait=10; x=y, wait=20', 10],
    ['wait=600', 60],
    ['wait=0', 0],
  ])('reads %s', (header, seconds) => {
    expect(readWait(header)).toBe(seconds);
  });

  it.each([
    [undefined],
    [''],
    ['respond-async'],
    ['wait'],
    ['wait=soon'],
    ['wait=-1'],
    ['await=5'],
  ])('ignores %s', (header) => {
    expect(readWait(header)).toBeNull();
  });
});
