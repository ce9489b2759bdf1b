import { readOpenApi, resolved, type OpenApi } from '../support/openapi-operations.js';
import { describeSecurity } from '../support/security-suite.js';
import { errorBody } from '../support/system-shapes.js';
import { ROUTES, type Targets } from './route-access.js';

/** What an attacker would like to set. */
const WISHES: Record<string, unknown> = {
  ...{
    role: 'admin',
    permissions: ['build:create'],
    is_admin: true,
    isAdmin: true,
    disabled: false,
  },
  ...{ owner: 'admin', created_by: 'admin', performed_by: 'admin', user: 'admin', sub: 'admin' },
  ...{
    status: 'completed',
    progress: 100,
    results: {},
    gate: 'passed',
    quality_score: 10,
    error: null,
  },
  ...{
    id: '550e8400-e29b-41d4-a716-446655440000',
    task_id: '550e8400-e29b-41d4-a716-446655440000',
  },
  ...{
    password_hash: 'x',
    passwordHash: 'x',
    key_hash: 'x',
    lane: 'x',
    attempts: -1,
    sandbox: 'none',
  },
};
const WITH_BODY = Object.keys(ROUTES).filter((name) => ROUTES[name]?.body);

describeSecurity('mass assignment', {}, (system) => {
  let openApi: OpenApi;
  let token: string;
  let targets: Targets;

  beforeAll(async () => {
    openApi = await readOpenApi(system);
    ({ token } = await system.loginAdmin());
    const { username, password } = await system.register('owner');
    const refreshToken = async () => (await system.loginAdmin()).refreshToken;
    const id = '550e8400-e29b-41d4-a716-446655440000';
    targets = {
      ...{ owner: username, stranger: username, password, refreshToken },
      ...{ buildId: id, analysisId: id, fingerprint: 'a'.repeat(32), snapshotId: id, keyId: id },
    };
  });

  it('API3:2023 every operation that takes JSON is among them', () => {
    const described = openApi.operations.filter(({ bodies }) => bodies['application/json']);
    expect(described.map(({ name }) => name).sort()).toEqual([...WITH_BODY].sort());
  });

  it.each(WITH_BODY)(
    'API3:2023 ASVS 5.1.2 %s takes no field that it does not describe',
    async (name) => {
      const operation = openApi.operations.find((each) => each.name === name);
      const described =
        resolved(operation?.bodies['application/json'] ?? {}, openApi.schemas).properties ?? {};
      const body = (await ROUTES[name]?.body?.(targets, 'unique')) ?? {};
      const path = (operation?.path ?? '')
        .replace('{name}', 'p')
        .replace('{task_id}', targets.buildId)
        .replace('{username}', 'owner')
        .replace('{fingerprint}', targets.fingerprint);
      const wishes = Object.entries(WISHES).filter(([field]) => !Object.hasOwn(described, field));
      expect(wishes.length).toBeGreaterThan(20);
      const replies = await Promise.all(
        wishes.map(async ([field, value]) => {
          const reply = await system.request(operation?.method ?? '', path, {
            token,
            body: { ...body, [field]: value },
          });
          return [field, reply.status, reply.body];
        }),
      );
      expect(replies).toEqual(wishes.map(([field]) => [field, 422, errorBody(422)]));
    },
  );

  it('API3:2023 nobody changes their own role, name or permissions by any route of theirs', async () => {
    const mallory = await system.register('mallory');
    for (const path of ['/auth/me', '/auth/users/mallory', '/auth/users']) {
      for (const method of ['PATCH', 'PUT', 'POST']) {
        const reply = await system.request(method, path, {
          token: mallory.token,
          body: { role: 'admin' },
        });
        expect([403, 404, 405]).toContain(reply.status);
      }
    }
    const { body } = await system.request('GET', '/auth/me', { token: mallory.token });
    expect(body).toMatchObject({ username: 'mallory', role: 'user', disabled: false });
  });

  it("API3:2023 a key has never more than its maker's rights", async () => {
    const viewer = await system.accountWithRole('viewer');
    const body = { name: 'more', permissions: ['build:create', 'build:read'] };
    const made = await system.request<{ key: string; permissions: string[] }>(
      'POST',
      '/auth/keys',
      { token: viewer.token, body },
    );
    if (made.status === 201) {
      system.secrets.add(made.body.key);
      const build = { token: made.body.key, body: { project_name: 'p', goal: 'Xyzzy' } };
      expect((await system.request('POST', '/api/build', build)).status).toBe(403);
    } else {
      expect([403, 422]).toContain(made.status);
    }
  });

  it("API3:2023 answers show no field that is nobody's business", async () => {
    const texts = await Promise.all(
      ['/auth/me', '/auth/users', '/auth/keys', '/api/projects', '/api/build', '/api/analysis'].map(
        async (path) => (await system.request('GET', path, { token })).text,
      ),
    );
    expect(texts.join()).not.toMatch(/password|hash|\$argon2|secret|lease|generation|idempotency/i);
  });
});
