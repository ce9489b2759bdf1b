import {
  PERMISSIONS,
  ROLE_PERMISSIONS,
  type Permission,
  type Role,
} from '../../src/auth/principal.js';
import { readOpenApi, type Operation } from '../support/openapi-operations.js';
import { describeSecurity, type SecuritySystem } from '../support/security-suite.js';
import { StreamWatcher } from '../support/stream-watcher.js';
import { errorBody } from '../support/system-shapes.js';
import type { Account } from '../support/system-client.js';
import { ROUTES, type Access, type RouteAccess, type Targets } from './route-access.js';

/** Whoever knocks; `role: null`: nobody whom the server knows. */
interface Identity {
  name: string;
  token: string | undefined;
  role: Role | null;
  isOwner?: boolean;
  isKey?: boolean;
  permissions: readonly Permission[];
}

const PROJECT = 'sourced';
const LONG_MS = 180_000;

describeSecurity('authorisation', {}, (system) => {
  let identities: Identity[];
  let targets: Targets;
  let operations: Operation[];
  let owner: Account;
  let count = 0;

  beforeAll(async () => {
    ({ operations } = await readOpenApi(system));
    owner = await system.register('owner');
    [targets, identities] = [await ownedBy(system, owner), await everybody(system, owner)];
  }, LONG_MS);

  it('API5:2023 every operation of the OpenAPI document is classified, and nothing else', () => {
    expect(Object.keys(ROUTES).sort()).toEqual(operations.map(({ name }) => name).sort());
  });

  it.each(['build', 'analysis'] as const)(
    'API1:2023 ASVS 13.5.1 the stream of a %s opens for whom it should, and nobody else',
    async (kind) => {
      const id = kind === 'build' ? targets.buildId : targets.analysisId;
      for (const identity of identities) {
        const query = identity.token === undefined ? '' : `?token=${identity.token}`;
        const stream = new StreamWatcher(`${system.wsUrl}/api/ws/${kind}/${id}${query}`);
        const { code } = await stream.closed;
        const status = outcome(`read ${kind}:read`, identity);
        expect([identity.name, code]).toEqual([identity.name, status === 0 ? 1000 : 4000 + status]);
      }
    },
    60_000,
  );

  const names = Object.keys(ROUTES).sort((a, b) => Number(isLast(a)) - Number(isLast(b)));

  it.each(names)(
    'API1:2023 API5:2023 ASVS 4.1.1 %s lets in whom it should, and nobody else',
    async (name) => {
      const operation = operations.find((each) => each.name === name);
      const route = ROUTES[name];
      if (!operation || !route) {
        throw new Error(`${name} is not in the OpenAPI document`);
      }
      // Those who are refused come first: had one of them an effect, those who are let in would see it.
      if (route.last) {
        identities = await everybody(system, owner, String((count += 1)));
      }
      const sorted = [...identities].sort(
        (a, b) => outcome(route.access, b) - outcome(route.access, a),
      );
      const table: [string, string][] = [];
      for (const identity of sorted) {
        table.push([identity.name, await knock(operation, route, identity)]);
      }
      const expected = sorted.map((each) => [
        each.name,
        outcome(route.access, each) === 0 ? 'in' : String(outcome(route.access, each)),
      ]);
      expect(table).toEqual(expected);
    },
    60_000,
  );

  async function knock(
    operation: Operation,
    route: RouteAccess,
    identity: Identity,
  ): Promise<string> {
    const body = await route.body?.(targets, `made-${(count += 1)}`);
    const path = fillPath(operation.path, targets);
    const hasUser = operation.parameters.some(
      (each) => each.in === 'query' && each.name === 'user',
    );
    const url = hasUser ? `${path}?user=${targets.owner}` : path;
    const { token } = identity;
    const reply = await system.request(operation.method, url, { token, ...(body && { body }) });
    const allowed = outcome(route.access, identity) === 0;
    if (allowed && (reply.status < 300 || route.alsoAnswers?.includes(reply.status))) {
      return 'in';
    }
    if (reply.status === 401 || reply.status === 403) {
      expect(reply.body).toEqual(errorBody(reply.status));
      return String(reply.status);
    }
    return `${reply.status} ${reply.text.slice(0, 200)}`;
  }
});

function isLast(name: string): boolean {
  return ROUTES[name]?.last === true;
}

/** 0: let in; else the status that refuses. */
function outcome(access: Access, { role, isOwner, isKey, permissions }: Identity): 0 | 401 | 403 {
  if (access === 'public') {
    return 0;
  }
  if (role === null) {
    return 401;
  }
  const [kind, permission] = access.split(' ') as [string, Permission | undefined];
  const isMine = isOwner === true || role === 'admin';
  const isAllowed =
    (permission === undefined || permissions.includes(permission)) &&
    (!['login', 'admin'].includes(kind) || isKey !== true) &&
    (kind !== 'admin' || role === 'admin') &&
    (kind !== 'read' || isMine || role === 'viewer') &&
    (kind !== 'change' || isMine) &&
    (kind !== 'own' || isOwner === true);
  return isAllowed ? 0 : 403;
}

function fillPath(path: string, targets: Targets): string {
  const values: Record<string, string> = {
    ...{ name: PROJECT, path: 'a.py', username: targets.stranger, id: targets.keyId },
    ...{ task_id: targets.buildId, analysis_id: targets.analysisId },
    fingerprint: targets.fingerprint,
  };
  return path
    .replace('/build/{task_id}/files/{path}', `/build/${targets.buildId}/files/README.md`)
    .replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** One object of each kind, all the owner's. */
async function ownedBy(system: SecuritySystem, owner: Account): Promise<Targets> {
  const { token } = owner;
  const source = await system.request<{ id: string }>('PUT', `/api/projects/${PROJECT}/source`, {
    token,
    body: { files: { 'a.py': 'import os\n' } },
  });
  const analysis = await system.request<{ analysis_id: string; issues: { fingerprint: string }[] }>(
    'POST',
    '/api/analysis',
    {
      token,
      headers: { Prefer: 'wait=60' },
      body: { project_name: PROJECT, analysis_types: ['quality'] },
    },
  );
  const goal = 'Add health probes';
  const parameters = { framework: 'fastapi', database: 'none', include_tests: false };
  const buildId = await system.build(token, { project_name: 'built', goal, parameters });
  await system.ended(token, buildId);
  const key = await system.request<{ id: string }>('POST', '/auth/keys', {
    token,
    body: { name: 'target' },
  });
  return {
    ...{ owner: owner.username, stranger: 'stranger', password: owner.password, buildId },
    analysisId: analysis.body.analysis_id,
    fingerprint: analysis.body.issues[0]?.fingerprint ?? 'none was found',
    snapshotId: source.body.id,
    keyId: key.body.id,
    refreshToken: async () => (await system.loginAdmin()).refreshToken,
  };
}

/** @param mark Tells those of one call from those of another. */
async function everybody(system: SecuritySystem, owner: Account, mark = ''): Promise<Identity[]> {
  const isOwner = true;
  const isKey = true;
  const token = (await system.login(owner.username, owner.password)).token;
  const gone = await system.register(`gone${mark}`);
  await system.request('PATCH', '/auth/users/gone' + mark, {
    token: (await system.loginAdmin()).token,
    body: { disabled: true },
  });
  const loggedOut = await system.login(owner.username, owner.password);
  await system.request('POST', '/auth/logout', { token: loggedOut.token });
  const person = (name: string, role: Role, account: Account): Identity => ({
    ...{ name, role, token: account.token, permissions: ROLE_PERMISSIONS[role] },
  });
  const admin = await system.loginAdmin();
  const key = async (name: string, holder: string, permissions: Permission[]): Promise<string> => {
    const body = { name, permissions };
    const made = await system.request<{ key: string }>('POST', '/auth/keys', {
      token: holder,
      body,
    });
    system.secrets.add(made.body.key);
    return made.body.key;
  };
  const stranger = await system.register(`stranger${mark}`);
  return [
    { name: 'anonymous', token: undefined, role: null, permissions: [] },
    { name: 'disabled user', token: gone.token, role: null, permissions: [] },
    { name: 'owner, revoked token', token: loggedOut.token, role: null, permissions: [] },
    { name: 'stranger', token: stranger.token, role: 'user', permissions: PERMISSIONS },
    person('viewer', 'viewer', await system.accountWithRole('viewer')),
    ...(await Promise.all(
      (['build:read', 'analysis:read'] as const).map(async (scope): Promise<Identity> => ({
        ...{ name: `owner's key for ${scope}`, isOwner, isKey, role: 'user' },
        ...{ token: await key(scope, token, [scope]), permissions: [scope] },
      })),
    )),
    {
      ...{ name: "administrator's key for all", isKey, role: 'admin', permissions: PERMISSIONS },
      token: await key('all', admin.token, [...PERMISSIONS]),
    },
    { ...person('owner', 'user', { ...owner, token }), isOwner },
    person('administrator', 'admin', admin),
  ];
}
