import type { Permission } from '../../src/auth/principal.js';

/**
 * Who a route lets in. `self`: everybody known; `login`: also no API key; `create`, `list`: whoever has the permission;
 * `read`: and is the owner, an auditor or an administrator; `change`: and is the owner or an administrator; `own`: and is the owner.
 */
export type Access =
  'public' | 'self' | 'login' | 'admin' | `${'create' | 'read' | 'change' | 'own'} ${Permission}`;

/** What belongs to the owner that strangers try to reach. */
export interface Targets {
  owner: string;
  stranger: string;
  password: string;
  buildId: string;
  analysisId: string;
  fingerprint: string;
  snapshotId: string;
  keyId: string;
  refreshToken: () => Promise<string>;
}

export interface RouteAccess {
  access: Access;
  /** For `{name}` in the path. */
  project?: 'sourced';
  body?: (targets: Targets, unique: string) => object | Promise<object>;
  /** Beside 2xx, what answers somebody who is let in: a second deletion, a cancel that comes too late. */
  alsoAnswers?: number[];
  /** Run after all others: it ends what they need. */
  last?: true;
}

const PROJECT = { project: 'sourced' } as const;
const read = (what: 'build' | 'analysis'): RouteAccess => ({ access: `read ${what}:read` });

/** Every operation of the OpenAPI document. One that is missing here fails the suite. */
export const ROUTES: Record<string, RouteAccess> = {
  'GET /api/health': { access: 'public' },
  'GET /api/health/ready': { access: 'public' },
  'GET /api/health/live': { access: 'public' },
  'GET /api/health/status': { access: 'public' },
  'GET /metrics': { access: 'public' },
  'POST /auth/register': {
    access: 'public',
    body: ({ password }, unique) => ({ username: unique, password }),
  },
  'POST /auth/login': {
    access: 'public',
    body: ({ owner, password }) => ({ username: owner, password }),
  },
  'POST /auth/refresh': {
    access: 'public',
    body: async ({ refreshToken }) => ({ refresh_token: await refreshToken() }),
  },
  'POST /auth/logout': { access: 'login', last: true },
  'GET /auth/me': { access: 'self' },
  'GET /auth/me/usage': { access: 'self' },
  'POST /auth/password': {
    access: 'login',
    body: ({ password }) => ({ current: password, new: password }),
    // The administrator's own password is another one.
    alsoAnswers: [403],
    last: true,
  },
  'GET /auth/users': { access: 'admin' },
  'POST /auth/users': {
    access: 'admin',
    body: ({ password }, unique) => ({ username: unique, password }),
  },
  'PATCH /auth/users/{username}': { access: 'admin', body: () => ({ role: 'user' }) },
  'POST /auth/keys': { access: 'login', body: (_, unique) => ({ name: unique, permissions: [] }) },
  'GET /auth/keys': { access: 'login' },
  // Only ever one's own: everybody else's don't exist.
  'DELETE /auth/keys/{id}': { access: 'login', alsoAnswers: [404] },
  'GET /api/projects': read('build'),
  'GET /api/projects/{name}': { ...PROJECT, ...read('build') },
  'DELETE /api/projects/{name}': {
    ...PROJECT,
    access: 'change build:create',
    alsoAnswers: [404],
    last: true,
  },
  'PUT /api/projects/{name}/source': {
    ...PROJECT,
    access: 'change build:create',
    body: () => ({ files: { 'a.py': 'import os\n' } }),
  },
  'GET /api/projects/{name}/files': { ...PROJECT, ...read('build') },
  'GET /api/projects/{name}/files/{path}': { ...PROJECT, ...read('build') },
  'GET /api/projects/{name}/archive': { ...PROJECT, ...read('build') },
  'GET /api/projects/{name}/manifest': { ...PROJECT, ...read('build') },
  'GET /api/projects/{name}/diff': { ...PROJECT, ...read('build') },
  'GET /api/projects/{name}/repository.bundle': { ...PROJECT, ...read('build') },
  'POST /api/projects/{name}/restore': {
    ...PROJECT,
    access: 'change build:create',
    body: ({ snapshotId }) => ({ snapshot: snapshotId }),
  },
  'POST /api/build': {
    access: 'create build:create',
    // Nothing of it is understood: it fails before anything runs.
    body: () => ({ project_name: 'refused', goal: 'Xyzzy' }),
  },
  'POST /api/build/preview': {
    access: 'create build:create',
    body: () => ({ project_name: 'previewed', goal: 'Add health probes' }),
  },
  'GET /api/build/capabilities': { access: 'create build:read' },
  // It completed: there is nothing to go on with.
  'POST /api/build/{task_id}/retry': {
    access: 'own build:create',
    body: () => ({}),
    alsoAnswers: [409],
  },
  'POST /api/build/{task_id}/verify': { access: 'own build:create', alsoAnswers: [409] },
  'GET /api/build/{task_id}/manifest': read('build'),
  'GET /api/build': read('build'),
  'GET /api/build/{task_id}': read('build'),
  'DELETE /api/build/{task_id}': { access: 'change build:cancel', alsoAnswers: [409] },
  'GET /api/build/{task_id}/logs': read('build'),
  'GET /api/build/{task_id}/files': read('build'),
  'GET /api/build/{task_id}/files/{path}': read('build'),
  'GET /api/build/{task_id}/archive': read('build'),
  'GET /api/build/{task_id}/diff': read('build'),
  'GET /api/build/{task_id}/events': read('build'),
  'POST /api/analysis': {
    access: 'create analysis:create',
    body: () => ({ project_name: 'p', analysis_types: ['quality'], files: { 'a.txt': 'a' } }),
  },
  'GET /api/analysis': read('analysis'),
  'GET /api/analysis/{analysis_id}': read('analysis'),
  'DELETE /api/analysis/{analysis_id}': { access: 'change analysis:create', alsoAnswers: [409] },
  'GET /api/analysis/{analysis_id}/issues': read('analysis'),
  'GET /api/analysis/{analysis_id}/sarif': read('analysis'),
  'GET /api/analysis/{analysis_id}/report': read('analysis'),
  'PATCH /api/projects/{name}/findings/{fingerprint}': {
    ...PROJECT,
    access: 'change build:create',
    body: () => ({ status: 'accepted', comment: 'known' }),
  },
  'GET /api/projects/{name}/gate': { ...PROJECT, ...read('analysis') },
  'PUT /api/projects/{name}/gate': {
    ...PROJECT,
    access: 'change build:create',
    body: () => ({ min_score: 1 }),
  },
  'GET /api/projects/{name}/trend': { ...PROJECT, ...read('analysis') },
  'GET /api/projects/{name}/badge.svg': { ...PROJECT, ...read('analysis') },
};
