import { RequestRate } from './request-rate.js';

describe(RequestRate.name, () => {
  it('is 0 without requests', () => {
    expect(new RequestRate(0).perSecond(30_000)).toBe(0);
  });

  it('is the mean since the start, in the first minute', () => {
    const rate = new RequestRate(500);
    [600, 700, 10_000].forEach((at) => rate.count(at));
    expect(rate.perSecond(10_500)).toBeCloseTo(0.3);
  });

  it('takes the first second as a whole one', () => {
    const rate = new RequestRate(0);
    rate.count(10);
    expect(rate.perSecond(10)).toBe(1);
  });

  it('is the mean over the last minute, later', () => {
    const rate = new RequestRate(0);
    for (let at = 0; at < 600_000; at += 100) {
      rate.count(at);
    }
    expect(rate.perSecond(599_999)).toBeCloseTo(10);
  });

  it.each([59, 61, 119])('forgets what is older than a minute, after %i quiet seconds', (quiet) => {
    const rate = new RequestRate(0);
    for (let i = 0; i < 60; i += 1) {
      rate.count(100_000);
    }
    expect(rate.perSecond(100_000 + quiet * 1_000)).toBe(quiet < 60 ? 1 : 0);
  });

  it('forgets second by second', () => {
    const rate = new RequestRate(0);
    rate.count(100_000);
    rate.count(130_000);
    expect(rate.perSecond(165_000)).toBeCloseTo(1 / 60);
  });
});
