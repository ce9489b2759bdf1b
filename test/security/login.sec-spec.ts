import { describeSecurity, type SecuritySystem } from '../support/security-suite.js';
import { errorBody } from '../support/system-shapes.js';

const ROUNDS = 15;

function tries(system: SecuritySystem) {
  return (username: string, password: string, forwarded?: string) =>
    system.request('POST', '/auth/login', {
      body: { username, password },
      ...(forwarded !== undefined && { headers: { 'X-Forwarded-For': forwarded } }),
    });
}

describeSecurity(
  'guessing behind a proxy',
  { RATE_LIMIT_LOGIN: '5', TRUST_PROXY: '1' },
  (system) => {
    const login = tries(system);

    it('API2:2023 ASVS 2.2.1 stops guesses at an account, without locking its owner out from elsewhere', async () => {
      const { username, password } = await system.register();
      const statuses: number[] = [];
      for (let guess = 0; guess < 7; guess += 1) {
        statuses.push((await login(username, `wrong guess ${guess}`, '192.0.2.1')).status);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
      const refused = await login(username, password, '192.0.2.1');
      expect([refused.status, refused.body]).toEqual([429, errorBody(429)]);
      expect((await login(username, password, '192.0.2.2')).status).toBe(200);
    });

    it('API4:2023 an address that its client makes up in front of the real one changes nothing', async () => {
      const { username } = await system.register();
      const statuses: number[] = [];
      for (let guess = 0; guess < 6; guess += 1) {
        statuses.push((await login(username, 'wrong guess', `10.0.0.${guess}, 192.0.2.3`)).status);
      }
      expect(statuses.at(-1)).toBe(429);
    });

    it('API2:2023 many accounts from one address are stopped, too', async () => {
      const statuses: number[] = [];
      for (let guess = 0; guess < 51; guess += 1) {
        statuses.push((await login(`nobody-${guess}`, 'wrong guess', '192.0.2.4')).status);
      }
      expect([statuses.at(49), statuses.at(50)]).toEqual([401, 429]);
    });

    it('API2:2023 the addresses of one IPv6 network are one', async () => {
      const { username } = await system.register();
      const statuses: number[] = [];
      for (let guess = 0; guess < 6; guess += 1) {
        statuses.push((await login(username, 'wrong guess', `2001:db8:1:2::${guess + 1}`)).status);
      }
      expect(statuses.at(-1)).toBe(429);
    });

    it('ASVS 2.2.1 capitals and guesses sent at once are no way around it', async () => {
      const { username } = await system.register('mixed-case');
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, guess) =>
          login(
            guess % 2 ? username : username.toUpperCase(),
            `guess number ${guess}`,
            '192.0.2.5',
          ),
        ),
      );
      expect(replies.filter(({ status }) => status === 200)).toEqual([]);
      expect((await login(username, 'wrong guess', '192.0.2.5')).status).toBe(429);
    });
  },
);

describeSecurity('guessing without a proxy', { RATE_LIMIT_GLOBAL: '20' }, (system) => {
  it.each([
    'X-Forwarded-For',
    'X-Real-IP',
    'Forwarded',
    'X-Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
  ])('API4:2023 ASVS 11.1.4 a forged %s changes no limit', async (header) => {
    const statuses = await Promise.all(
      Array.from({ length: 21 }, async (_, index) => {
        const address = header === 'Forwarded' ? `for=192.0.2.${index}` : `192.0.2.${index}`;
        return (await system.request('GET', '/auth/me', { headers: { [header]: address } })).status;
      }),
    );
    expect(statuses).toContain(429);
  });
});

describeSecurity('enumeration', {}, (system) => {
  const login = tries(system);

  async function kinds(): Promise<Record<string, string>> {
    const known = await system.register();
    const disabled = await system.register();
    const { token } = await system.loginAdmin();
    await system.request('PATCH', `/auth/users/${disabled.username}`, {
      token,
      body: { disabled: true },
    });
    return { known: known.username, disabled: disabled.username, unknown: 'nobody-of-that-name' };
  }

  it('API2:2023 ASVS 2.2.2 unknown, disabled and wrong read alike, to the last header', async () => {
    const answers = await Promise.all(
      Object.values(await kinds()).map(async (username) => {
        const { status, headers, body } = await login(username, 'a wrong password');
        const { timestamp: _, ...said } = body;
        return { status, said, headers: Object.keys(headers).sort() };
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('API2:2023 ASVS 2.2.2 they take the same time', async () => {
    const users = await kinds();
    const times = new Map(Object.keys(users).map((kind) => [kind, [] as number[]]));
    // Interleaved, so that a busy machine is busy for all of them.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [kind, username] of Object.entries(users)) {
        const startedAt = performance.now();
        await login(username, 'a wrong password');
        times.get(kind)?.push(performance.now() - startedAt);
      }
    }
    const medians = [...times.values()].map(median);
    // Without the hash of a password that nobody has, an unknown name is answered ten times faster.
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(2);
  }, 60_000);

  it("API1:2023 somebody else's and nobody's keys are the same", async () => {
    const [alice, mallory] = [await system.register(), await system.register()];
    const key = await system.request<{ id: string; key: string }>('POST', '/auth/keys', {
      token: alice.token,
      body: { name: 'mine' },
    });
    system.secrets.add(key.body.key);
    const forbidden = await system.request('DELETE', `/auth/keys/${key.body.id}`, {
      token: mallory.token,
    });
    expect([forbidden.status, forbidden.body]).toEqual([404, errorBody(404)]);
  });
});

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
