import { errorBody, TIMESTAMP } from './support/system-shapes.js';
import { describeSystem } from './support/system-suite.js';
import type { Account } from './support/system-client.js';

/** As a new user meets them. */
const DOCUMENTED = { RATE_LIMIT_GLOBAL: '60', RATE_LIMIT_BUILD: '10', RATE_LIMIT_ANALYSIS: '5' };
/** Nobody understands it: each build ends by itself, at once. */
const GOAL = { project_name: 'limits', goal: 'Simulate the weather' };

describeSystem('rate limits', { settings: DOCUMENTED }, (system) => {
  let alice: Account;
  let bob: Account;
  let refused: Awaited<ReturnType<typeof post>>;

  const post = (account: Account, body: object = GOAL) =>
    system.request('POST', '/api/build/', { token: account.token, body });
  const get = (token: string) => system.request('GET', '/api/build/', { token });

  beforeAll(async () => {
    // Each register is two requests of the same address, far from its 60.
    [alice, bob] = [await system.register(), await system.register()];
  });

  it('counts down in the headers of every counted answer', async () => {
    const before = Date.now();
    const first = await get(alice.token);
    const second = await get(alice.token);
    expect(limitsOf(first)).toMatchObject({ limit: '60', remaining: '59' });
    expect(limitsOf(second)).toMatchObject({ limit: '60', remaining: '58' });
    const reset = Number(limitsOf(first).reset) * 1_000;
    expect(reset).toBeGreaterThanOrEqual(before + 58_000);
    expect(reset).toBeLessThanOrEqual(Date.now() + 61_000);
    expect(Number(limitsOf(second).reset)).toBeLessThanOrEqual(Number(limitsOf(first).reset));
  });

  it('admits ten builds a minute, bad requests among them, and refuses the eleventh', async () => {
    const statuses: number[] = [];
    const remaining: unknown[] = [];
    for (let count = 0; count < 10; count += 1) {
      // Whatever the answer, a request counts.
      const reply = await post(alice, count === 4 ? {} : GOAL);
      statuses.push(reply.status);
      remaining.push(limitsOf(reply).remaining);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 422, 202, 202, 202, 202, 202]);
    expect(remaining).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
    refused = await post(alice);
    expect(refused.status).toBe(429);
    expect(limitsOf(refused)).toMatchObject({ limit: '10', remaining: '0' });
  });

  it('refuses as documented, and says when to come back', () => {
    expect(refused.body).toEqual({
      error: 'rate_limit_exceeded',
      detail: 'Too many requests',
      status_code: 429,
      timestamp: expect.stringMatching(TIMESTAMP) as string,
    });
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
  });

  it('counts per user, not per address', async () => {
    const reply = await post(bob);
    expect([reply.status, limitsOf(reply).remaining]).toEqual([202, '9']);
  });

  it('counts creation against the global limit as well, and the global one stays open', async () => {
    const reply = await get(alice.token);
    // 2 reads, 11 creations and this one.
    expect([reply.status, limitsOf(reply).remaining]).toEqual([200, '46']);
  });

  it('counts all sessions and API keys of a user together', async () => {
    const again = await system.login(bob.username, bob.password);
    const body = { name: 'ci' };
    const made = await system.request('POST', '/auth/keys', { token: bob.token, body });
    const key = String(made.body['key']);
    system.secrets.add(key);
    const bySession = Number(limitsOf(await get(again.token)).remaining);
    const byKey = Number(limitsOf(await get(key)).remaining);
    expect(byKey).toBe(bySession - 1);
  });

  it('refuses the 61st request of a user', async () => {
    const replies = [];
    for (let left = 46; left > 0; left -= 1) {
      replies.push(await get(alice.token));
    }
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const reply = await get(alice.token);
    expect([reply.status, reply.body]).toEqual([429, errorBody(429)]);
  });

  it('limits bad tokens per address', async () => {
    const statuses = new Set<number>();
    let last = await get('nonsense');
    for (let count = 0; count < 60; count += 1) {
      statuses.add(last.status);
      last = await get(`nonsense-${count}`);
    }
    expect([...statuses]).toEqual([401, 429]);
    expect([last.status, last.body]).toEqual([429, errorBody(429)]);
    // A user behind the same address is not held up.
    expect((await get(bob.token)).status).toBe(200);
  });

  it('counts retries and verifications as builds', async () => {
    const path = '/api/build/550e8400-e29b-41d4-a716-446655440000';
    const ask = (action: string) =>
      system.request('POST', `${path}/${action}`, { token: bob.token });
    const replies = [await ask('retry'), await ask('verify')];
    expect(replies.map((reply) => [reply.status, limitsOf(reply)])).toMatchObject([
      [404, { limit: '10', remaining: '8' }],
      [404, { limit: '10', remaining: '7' }],
    ]);
  });

  it.each(['', 'ready', 'live', 'status'])('never limits /api/health/%s', async (probe) => {
    const replies = await Promise.all(
      Array.from({ length: 70 }, () => system.request('GET', `/api/health/${probe}`)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(limitsOf(replies[0])).toEqual({});
  });
});

describeSystem('limit of failed logins', { settings: { RATE_LIMIT_LOGIN: '3' } }, (system) => {
  const login = (username: string, password: string) =>
    system.request('POST', '/auth/login', { body: { username, password } });

  it('stops guessing at one account, and no other account', async () => {
    const [target, other] = [await system.register(), await system.register()];
    const statuses = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await login(target.username, `wrong-guess-${count}`)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    const right = await login(target.username, target.password);
    expect([right.status, right.body]).toEqual([429, errorBody(429)]);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
    await system.login(other.username, other.password);
    expect((await system.request('GET', '/auth/me', { token: target.token })).status).toBe(200);
  });
});

function limitsOf(reply: { headers: NodeJS.Dict<string | string[]> } | undefined) {
  const found = Object.entries(reply?.headers ?? {}).filter(([name]) =>
    name.startsWith('x-ratelimit-'),
  );
  return Object.fromEntries(
    found.map(([name, value]) => [name.slice('x-ratelimit-'.length), value]),
  );
}
