import { BuildStopped } from '../build-stopped.js';
import { Budget, costOf, type BudgetLimits } from './budget.js';
import { limitsOf } from './build-limits.js';

const PRICES = { inputUsd: 3, outputUsd: 15 };
const ANSWER = { inputTokens: 100_000, outputTokens: 10_000, cachedTokens: 0, isEstimated: false };
const WIDE: BudgetLimits = { calls: 100, tokens: 1e9, costUsd: undefined, seconds: 1000 };

function reasonAfter(limits: Partial<BudgetLimits>, answers: number, clock = { ms: 0 }) {
  const budget = new Budget({ ...WIDE, ...limits }, PRICES, undefined, () => clock.ms);
  for (let count = 0; count < answers; count += 1) {
    budget.count(ANSWER);
    clock.ms += 10_000;
  }
  try {
    budget.refuseWhenSpent();
    return null;
  } catch (error) {
    return error instanceof BuildStopped ? error.reason : error;
  }
}

describe(Budget.name, () => {
  it.each([
    ['max_calls', { calls: 2 }],
    ['max_tokens', { tokens: 220_000 }],
    ['max_cost_usd', { costUsd: 0.9 }],
    ['max_seconds', { seconds: 20 }],
  ])('ends a build at %s, not before', (reason, limits) => {
    expect([reasonAfter(limits, 1), reasonAfter(limits, 2)]).toEqual([null, reason]);
  });

  it('goes on counting where an earlier process stopped', () => {
    const clock = { ms: 5_000_000 };
    const earlier = new Budget(WIDE, undefined, undefined, () => clock.ms);
    earlier.count(ANSWER);
    clock.ms += 1500;
    const later = new Budget(WIDE, undefined, earlier.usage(), () => clock.ms);
    later.count({ ...ANSWER, cachedTokens: 7, isEstimated: true });
    clock.ms += 500;

    expect(later.usage()).toEqual({
      calls: 2,
      inputTokens: 200_000,
      outputTokens: 20_000,
      cachedTokens: 7,
      isEstimated: true,
      elapsedMs: 2000,
    });
  });
});

describe(costOf, () => {
  const usage = { ...ANSWER, calls: 1, elapsedMs: 0 };

  it('counts by the million', () => {
    expect(costOf(usage, PRICES)).toBe(0.45);
  });

  it('is unknown without prices', () => {
    expect(costOf(usage, undefined)).toBeNull();
  });
});

describe(limitsOf, () => {
  const server = {
    limits: { calls: 100, tokens: 1000, costUsd: undefined, attempts: 3 },
    prices: PRICES,
  };

  it('takes what a build asks for where it is lower', () => {
    const asked = { max_calls: 5, max_cost_usd: 1, max_seconds: 60, max_attempts: 0 };
    expect(limitsOf(asked, server, 600_000)).toEqual({
      calls: 5,
      tokens: 1000,
      costUsd: 1,
      seconds: 60,
      attempts: 0,
    });
  });

  it('never raises a limit', () => {
    const asked = { max_calls: 500, max_tokens: 1e9, max_seconds: 1e9, max_attempts: 10 };
    expect(limitsOf(asked, server, 600_000)).toEqual({
      calls: 100,
      tokens: 1000,
      costUsd: undefined,
      seconds: 540,
      attempts: 3,
    });
  });

  it('refuses a limit of cost that nobody could keep', () => {
    const unpriced = { ...server, prices: undefined };
    expect(() => limitsOf({ max_cost_usd: 1 }, unpriced, 600_000)).toThrow(/LLM_PRICE_INPUT/);
  });
});
