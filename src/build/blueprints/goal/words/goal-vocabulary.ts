import type { Database, Framework } from '../../project-spec.js';

/** What a phrase asks for. */
export type Meaning =
  | { kind: 'feature'; feature: string }
  | { kind: 'framework'; framework: Framework }
  | { kind: 'database'; database: Database }
  /** Of the code: decides the framework where none is named. */
  | { kind: 'language'; language: 'python' | 'typescript' }
  /** What comes with every resource. */
  | { kind: 'crud' }
  | { kind: 'tests' }
  /** Every project has it, so that nothing needs to be done. */
  | { kind: 'included' }
  /** Known, and beyond the engine: named in the notes. */
  | { kind: 'unavailable' }
  /** Known, and in contradiction to every framework of the engine. */
  | { kind: 'unavailableFramework' };

interface Entry {
  means: Meaning;
  phrases: string[];
  /** Means it only where its clause holds nothing unknown: "accounts", but not "bank accounts". */
  isWeak?: true;
}

/**
 * The engine's English, phrase by phrase; the longest phrase wins. Case, hyphens and a plural `s` don't matter.
 */
export const VOCABULARY: readonly Entry[] = [
  {
    means: { kind: 'feature', feature: 'auth' },
    phrases: [
      ...['auth', 'authentication', 'authenticate', 'authorization', 'authorisation', 'authorize'],
      ...['login', 'log in', 'logging in', 'sign in', 'signin', 'logout', 'log out', 'sign out'],
      ...[
        'sign up',
        'signup',
        'user account',
        'user registration',
        'user management',
        'manage user',
        'managing user',
        'user role',
      ],
      ...['admin role', 'role based access', 'role based access control', 'rbac', 'argon2'],
      ...['argon2id', 'password hashing', 'jwt', 'json web token', 'access token', 'bearer token'],
      ...['refresh token', 'token rotation', 'refresh token rotation', 'reuse detection', 'oauth2'],
      ...['oauth2 password flow', 'protected route'],
    ],
  },
  {
    means: { kind: 'feature', feature: 'auth' },
    isWeak: true,
    phrases: [
      ...['account', 'register', 'registration', 'role', 'permission', 'password', 'token'],
      ...['rotation', 'identity'],
    ],
  },
  {
    means: { kind: 'feature', feature: 'health' },
    phrases: [
      ...['health check', 'health probe', 'health endpoint', 'healthcheck', 'liveness probe'],
      ...['readiness probe', 'liveness', 'readiness'],
    ],
  },
  { means: { kind: 'feature', feature: 'health' }, isWeak: true, phrases: ['health', 'probe'] },
  { means: { kind: 'framework', framework: 'fastapi' }, phrases: ['fastapi', 'fast api'] },
  {
    means: { kind: 'framework', framework: 'express' },
    phrases: ['express', 'expressjs', 'express.js', 'express js'],
  },
  {
    means: { kind: 'framework', framework: 'nestjs' },
    phrases: ['nest', 'nestjs', 'nest.js', 'nest js'],
  },
  {
    means: { kind: 'language', language: 'typescript' },
    phrases: ['typescript', 'node', 'nodejs', 'node.js', 'node js', 'javascript'],
  },
  { means: { kind: 'language', language: 'python' }, phrases: ['python', 'python3', 'python 3'] },
  {
    means: { kind: 'feature', feature: 'rate-limiting' },
    phrases: ['rate limiting', 'rate limit', 'rate limiter', 'throttling', 'request throttling'],
  },
  { means: { kind: 'feature', feature: 'cors' }, phrases: ['cors', 'cross origin request'] },
  {
    means: { kind: 'feature', feature: 'logging' },
    phrases: [
      ...['structured logging', 'json logging', 'logging', 'json log', 'request id', 'log line'],
      ...['structured log', 'request logging', 'access log'],
    ],
  },
  {
    means: { kind: 'feature', feature: 'compose' },
    phrases: ['compose', 'docker compose', 'docker compose file', 'compose file'],
  },
  {
    means: { kind: 'feature', feature: 'ci' },
    phrases: [
      ...['ci', 'ci workflow', 'ci pipeline', 'ci cd', 'github action', 'github workflow'],
      ...['github actions workflow', 'continuous integration'],
    ],
  },
  {
    means: { kind: 'crud' },
    phrases: [
      ...['crud', 'crud resource', 'crud endpoint', 'crud operation', 'crud route', 'pagination'],
      ...['paging', 'sorting', 'filtering', 'filter', 'paginated list', 'sort'],
    ],
  },
  {
    means: { kind: 'unavailableFramework' },
    phrases: [
      ...['koa', 'fastify', 'hapi', 'phoenix', 'symfony', 'actix', 'fiber', 'quarkus'],
      ...['django', 'flask', 'spring', 'spring boot', 'rails', 'ruby on rails', 'laravel', 'gin'],
      ...['next.js', 'nextjs', 'asp.net'],
    ],
  },
  {
    means: { kind: 'database', database: 'postgresql' },
    phrases: ['postgresql', 'postgres', 'psql'],
  },
  { means: { kind: 'database', database: 'sqlite' }, phrases: ['sqlite', 'sqlite3'] },
  {
    means: { kind: 'database', database: 'none' },
    phrases: ['in memory', 'without database', 'no database', 'without a database'],
  },
  {
    means: { kind: 'unavailable' },
    phrases: [
      ...['mysql', 'mariadb', 'mongodb', 'mongo', 'redis', 'oracle', 'sql server', 'dynamodb'],
      ...['graphql', 'websocket', 'social login', 'google login', 'github login'],
      ...[
        'sso',
        'single sign on',
        'saml',
        'ldap',
        'two factor authentication',
        '2fa',
        'mfa',
        'totp',
      ],
      ...['magic link', 'passkey', 'webauthn', 'email verification', 'email confirmation'],
      ...['password reset', 'forgot password', 'reset password', 'api key'],
    ],
  },
  {
    means: { kind: 'tests' },
    phrases: ['test', 'unit test', 'pytest', 'test suite', 'test coverage', 'tested', 'coverage'],
  },
  {
    means: { kind: 'included' },
    phrases: [
      ...['docker', 'dockerfile', 'docker image', 'dockerized', 'dockerised', 'containerized'],
      ...['containerised', 'container', 'readme', 'env example', 'env file'],
      ...['migration', 'database migration', 'alembic', 'orm'],
      ...['swagger', 'swagger ui', 'openapi', 'api doc', 'api documentation', 'documentation'],
      ...['problem detail', 'error handling', 'validation', 'type hint', 'typed', 'mypy', 'ruff'],
      ...['lint', 'linting', 'settings', 'configuration', 'pydantic'],
    ],
  },
];

/** Words that ask for nothing by themselves. */
export const FILLERS: ReadonlySet<string> = new Set(
  [
    'a an the this that these those my our your its it their of for to in on by as at from into be is are was',
    'i we you they me us who which can could should shall must will would may might able please also then so',
    'add adding build building create creating make making implement implementing write generate set up setup give',
    'include including provide support supporting supported need needs needed want wants use using used have has',
    'having get allow allows let lets do does enable based via through well',
    'module system feature functionality function flow layer mechanism service microservice server backend api rest',
    'restful app application project web website endpoint endpoints route routes code program software',
    'user users people everyone everybody',
    'simple basic complete full fully proper good clean modern secure secured safe safely robust scalable production',
    'ready quality new small minimal nice full-featured each all every some any own existing standard',
    'database db storage store persistence framework where following also resource resources entity entities up',
  ].flatMap((line) => line.split(' ')),
);

/** Words that end one wish and begin the next. */
export const CONNECTIVES: ReadonlySet<string> = new Set(['and', 'with', 'plus', 'or', 'but']);

/** Words that turn the phrase after them into its opposite. */
export const NEGATIONS: ReadonlySet<string> = new Set([
  ...['without', 'no', 'not', 'skip', "don't", 'omit', 'except', 'exclude'],
]);
