import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { StartupError } from '../common/startup-error.js';
import { loadConfig } from './load-config.js';

const KEY = 'k'.repeat(32);
const SPLIT = {
  DATABASE_URL: 'postgresql://db/app',
  REDIS_URL: 'redis://cache',
  JWT_SECRET: KEY,
};

/** The message of the refusal. */
function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    return (error as StartupError).message;
  }
  throw new Error('these settings were accepted');
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      isProduction: false,
      role: 'all',
      http: {
        port: 8000,
        host: '127.0.0.1',
        trustProxy: undefined,
        corsOrigins: [],
        maxBodyBytes: 1024 ** 2,
        docs: true,
        metricsToken: undefined,
      },
      dataDir: resolve('.data'),
      databaseUrl: undefined,
      databasePool: 10,
      redisUrl: undefined,
      auth: {
        jwtSecret: undefined,
        accessTokenSeconds: 24 * 3600,
        refreshTokenSeconds: 30 * 24 * 3600,
        adminUsername: 'admin',
        adminPassword: undefined,
        openRegistration: true,
      },
      rateLimits: { global: 60, build: 10, analysis: 5, login: 10 },
      quotas: { unfinishedTasks: 1000, storedBytes: 1024 ** 3 },
      sockets: { maxPerUser: 1000, maxPerAddress: 2000 },
      uploads: { maxBytes: 50 * 1024 ** 2 },
      work: {
        concurrency: availableParallelism(),
        buildTimeoutMs: 600_000,
        analysisTimeoutMs: 300_000,
        commandTimeoutMs: 120_000,
      },
      sandbox: 'auto',
      toolchains: { python: undefined, dir: resolve('.data/toolchains') },
      llm: undefined,
      log: { level: 'info', format: process.stdout.isTTY ? 'pretty' : 'json' },
    });
  });

  it.each([{ PORT: '' }, { PORT: '  ' }, { DATABASE_URL: '', LLM_PROVIDER: '', JWT_SECRET: '' }])(
    'takes an empty value as unset: %j',
    (env) => {
      expect(loadConfig(env)).toEqual(loadConfig({}));
    },
  );

  it('ignores what is no setting', () => {
    expect(loadConfig({ PATH: '/bin', PORTS: 'many' })).toEqual(loadConfig({}));
  });

  it.each([
    [{ PORT: '0' }, { http: { port: 0 } }],
    [{ PORT: ' 9000 ' }, { http: { port: 9000 } }],
    [{ DOCS: 'off' }, { http: { docs: false } }],
    [{ TRUST_PROXY: '1' }, { http: { trustProxy: 1 } }],
    [{ TRUST_PROXY: '10.0.0.0/8, ::1' }, { http: { trustProxy: '10.0.0.0/8, ::1' } }],
    [
      { CORS_ORIGINS: 'https://a.example, http://b.example:81' },
      { http: { corsOrigins: ['https://a.example', 'http://b.example:81'] } },
    ],
    [{ JWT_EXPIRES_IN: '15m' }, { auth: { accessTokenSeconds: 900 } }],
    [{ REFRESH_EXPIRES_IN: '2d' }, { auth: { refreshTokenSeconds: 172_800 } }],
    [{ REGISTRATION: 'closed' }, { auth: { openRegistration: false } }],
    [{ RATE_LIMIT_LOGIN: '0' }, { rateLimits: { login: 0 } }],
    [{ MAX_BODY_BYTES: '2000' }, { http: { maxBodyBytes: 2000 } }],
    [{ MAX_UPLOAD_BYTES: '5MiB' }, { uploads: { maxBytes: 5 * 1024 ** 2 } }],
    [{ COMMAND_TIMEOUT_SECONDS: '30' }, { work: { commandTimeoutMs: 30_000 } }],
    [{ DATA_DIR: '/srv/data' }, { toolchains: { dir: '/srv/data/toolchains' } }],
    [{ TOOLCHAIN_DIR: '/srv/tools' }, { toolchains: { dir: '/srv/tools' } }],
    [{ LOG_FORMAT: 'pretty' }, { log: { format: 'pretty' } }],
    [
      { LLM_PROVIDER: 'anthropic', LLM_MODEL: 'm', LLM_API_KEY: 'key' },
      { llm: { provider: 'anthropic', model: 'm', apiKey: 'key', baseUrl: undefined } },
    ],
    [
      { LLM_PROVIDER: 'openai', LLM_MODEL: 'm', LLM_BASE_URL: 'http://gpu:8080/v1' },
      { llm: { provider: 'openai', baseUrl: 'http://gpu:8080/v1', apiKey: undefined } },
    ],
    [
      { LLM_PROVIDER: 'ollama', LLM_MODEL: 'm' },
      {
        llm: {
          provider: 'ollama',
          contextTokens: 32_768,
          isStreaming: false,
          limits: { calls: 100, tokens: 2_000_000, costUsd: undefined, attempts: 3 },
          prices: undefined,
        },
      },
    ],
    [
      {
        LLM_PROVIDER: 'ollama',
        LLM_MODEL: 'm',
        LLM_CONTEXT_TOKENS: '8000',
        LLM_MAX_CALLS: '7',
        LLM_MAX_TOKENS: '9000',
        LLM_MAX_COST_USD: '0.5',
        LLM_PRICE_INPUT: '3',
        LLM_PRICE_OUTPUT: '15.25',
        LLM_MAX_ATTEMPTS: '0',
      },
      {
        llm: {
          contextTokens: 8000,
          isStreaming: false,
          limits: { calls: 7, tokens: 9000, costUsd: 0.5, attempts: 0 },
          prices: { inputUsd: 3, outputUsd: 15.25 },
        },
      },
    ],
    [
      { ROLE: 'worker', ...SPLIT },
      { role: 'worker', redisUrl: SPLIT.REDIS_URL },
    ],
  ])('reads %j', (env, expected) => {
    expect(loadConfig(env)).toMatchObject(expected);
  });

  it('closes registration in production, unless told otherwise', () => {
    const production = { NODE_ENV: 'production', JWT_SECRET: KEY };
    expect(loadConfig(production)).toMatchObject({
      isProduction: true,
      auth: { openRegistration: false },
    });
    expect(loadConfig({ ...production, REGISTRATION: 'open' })).toMatchObject({
      auth: { openRegistration: true },
    });
  });

  it.each([
    ['NODE_ENV', 'prod'],
    ['PORT', '70000'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['ROLE', 'boss'],
    ['DATABASE_URL', 'mysql://root:secret@db/app'],
    ['DATABASE_URL', 'db.example.com'],
    ['DATABASE_POOL', '1'],
    ['REDIS_URL', 'http://:secret@cache'],
    ['WORKER_CONCURRENCY', '0'],
    ['JWT_SECRET', 'short-secret'],
    ['JWT_EXPIRES_IN', '24'],
    ['ADMIN_USERNAME', 'a b'],
    ['ADMIN_PASSWORD', 'seven77'],
    ['ADMIN_PASSWORD', 'p'.repeat(129)],
    ['REGISTRATION', 'maybe'],
    ['RATE_LIMIT_GLOBAL', '1.5'],
    ['MAX_BODY_BYTES', '1MB'],
    ['TRUST_PROXY', 'true'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['BUILD_TIMEOUT_SECONDS', '0'],
    ['SANDBOX', 'docker'],
    ['LLM_PROVIDER', 'skynet'],
    ['LLM_BASE_URL', 'ftp://models'],
    ['LLM_MAX_CALLS', '0'],
    ['LLM_MAX_COST_USD', '1e3'],
    ['DOCS', 'true'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('refuses %s=%s by name, without its value', (name, value) => {
    const message = refusal({ [name]: value });
    const [head, remedy] = [message.slice(0, message.indexOf(name)), message.split(name)[1]];
    expect(head).toBe('Bad settings: ');
    expect(remedy).toMatch(/^ must (be|have) \S+/);
    expect(remedy?.split(/[\s,;]+/)).not.toContain(value);
  });

  it('names all bad settings at once, on one line', () => {
    const message = refusal({ PORT: 'x', ROLE: 'y', SANDBOX: 'z', DATA_DIR: '/tmp' });
    expect(message).toBe(
      'Bad settings: PORT must be a whole number from 0 to 65535; ' +
        'ROLE must be one of all, api, worker; SANDBOX must be one of auto, bwrap, none',
    );
  });

  it.each([
    [{ ROLE: 'api', ...SPLIT, DATABASE_URL: '' }, 'ROLE=api needs DATABASE_URL'],
    [{ ROLE: 'worker', ...SPLIT, REDIS_URL: '' }, 'ROLE=worker needs REDIS_URL'],
    [{ ROLE: 'api', ...SPLIT, JWT_SECRET: '' }, 'ROLE=api needs JWT_SECRET'],
    [{ NODE_ENV: 'production' }, 'NODE_ENV=production needs JWT_SECRET'],
    [
      { NODE_ENV: 'production', JWT_SECRET: KEY, SANDBOX: 'none' },
      'SANDBOX=none is refused where NODE_ENV=production',
    ],
    [{ LLM_PROVIDER: 'ollama' }, 'LLM_PROVIDER needs LLM_MODEL'],
    [{ LLM_PROVIDER: 'openai', LLM_MODEL: 'm' }, 'LLM_PROVIDER=openai needs LLM_API_KEY'],
    [{ LLM_PROVIDER: 'anthropic', LLM_MODEL: 'm' }, 'LLM_PROVIDER=anthropic needs LLM_API_KEY'],
    [{ LLM_PRICE_INPUT: '1' }, 'LLM_PRICE_INPUT and LLM_PRICE_OUTPUT need each other'],
    [{ LLM_MAX_COST_USD: '1' }, 'LLM_MAX_COST_USD needs LLM_PRICE_INPUT and LLM_PRICE_OUTPUT'],
  ])('refuses the contradiction in %j', (env, problem) => {
    const message = refusal(env);
    expect(message).toMatch(new RegExp(`^Bad settings: ${problem}`));
    expect(message.split('; ')).toHaveLength(1);
  });

  it('names all contradictions at once', () => {
    expect(refusal({ ROLE: 'api' }).match(/DATABASE_URL|REDIS_URL|JWT_SECRET/g)).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'JWT_SECRET',
    ]);
  });
});
