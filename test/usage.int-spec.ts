import { randomUUID } from 'node:crypto';
import { execute, startAuthApp, type AuthApp } from './support/auth-app.js';

const NOTHING = {
  builds: 0,
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cached_tokens: 0,
  cost_usd: null,
  estimated: false,
};

let auth: AuthApp;
beforeAll(async () => (auth = await startAuthApp()));
afterAll(() => auth.close());

/** A build's row: `[age, calls, input, output, cached, cost, estimated]`. */
async function add(owner: string, ...values: [string, ...unknown[]]): Promise<void> {
  await execute(
    auth,
    `INSERT INTO model_usage (task_id, owner, began_at, calls, input_tokens, output_tokens,
                              cached_tokens, cost_usd, estimated)
     VALUES ($1, $2, now() - $3::interval, $4, $5, $6, $7, $8, $9)`,
    [randomUUID(), owner, ...values],
  );
}

async function usageOf(token: string) {
  return (await auth.request('GET', '/auth/me/usage', { token })).body;
}

describe('GET /auth/me/usage', () => {
  it("sums a user's builds, all of them and those of 30 days", async () => {
    const { access_token: token } = await auth.login('spender');
    await auth.login('other');
    expect(await usageOf(token)).toEqual({ all_time: NOTHING, last_30_days: NOTHING });

    await add('spender', '1 hour', 3, 3000, 300, 1200, '0.009', false);
    await add('spender', '29 days 23 hours', 2, 2000, 200, 800, null, false);
    await add('spender', '31 days', 5, 4_000_000_000, 500, 2000, '1.5', true);
    await add('spender', '2 years', 0, 0, 0, 0, null, false);
    await add('other', '1 hour', 7, 7, 7, 7, '7', true);

    expect(await usageOf(token)).toEqual({
      all_time: {
        builds: 4,
        calls: 10,
        input_tokens: 4_000_005_000,
        output_tokens: 1000,
        cached_tokens: 4000,
        cost_usd: 1.509,
        estimated: true,
      },
      last_30_days: {
        builds: 2,
        calls: 5,
        input_tokens: 5000,
        output_tokens: 500,
        cached_tokens: 2000,
        cost_usd: 0.009,
        estimated: false,
      },
    });
  });

  it('is for those with a token', async () => {
    expect(await auth.request('GET', '/auth/me/usage')).toMatchObject({ status: 401 });
  });
});
