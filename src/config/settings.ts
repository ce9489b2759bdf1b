import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import {
  bytes,
  decimal,
  duration,
  flag,
  integer,
  oneOf,
  origins,
  text,
  trustProxy,
  url,
} from './setting-types.js';

/** One setting: how it is read, what it is without being set, and what `.env.example` says of it. */
interface Setting<S extends z.ZodType = z.ZodType> {
  parse: S;
  /** As it would be written in the environment; `undefined`: unset, which has a meaning of its own. */
  default?: string;
  help: string;
  secret?: boolean;
}

function setting<S extends z.ZodType>(parse: S, value: string, help: string) {
  return { parse, default: value, help } satisfies Setting<S>;
}

/** Has no default: absent means what `help` says. */
function optional<S extends z.ZodType>(parse: S, help: string, options?: { secret: boolean }) {
  return { parse: parse.optional(), help, ...options } satisfies Setting;
}

/**
 * Every setting of the server, once: name -> type, default, meaning. `.env.example` repeats this table (a test
 * compares them), and nothing else reads the environment.
 */
export const SETTINGS = {
  NODE_ENV: setting(
    oneOf(['development', 'production', 'test']),
    'development',
    'production refuses to start without JWT_SECRET and closes registration',
  ),
  PORT: setting(integer(0, 65535), '8000', 'TCP port for HTTP and WebSocket; 0: any free one'),
  HOST: setting(text, '127.0.0.1', 'address to listen on; 0.0.0.0: all of them'),
  DATA_DIR: setting(text, '.data', 'folder for the embedded database, secrets and toolchains'),
  DATABASE_URL: optional(
    url(['postgres:', 'postgresql:']),
    'a PostgreSQL server; unset: the embedded one in DATA_DIR',
    { secret: true },
  ),
  DATABASE_POOL: setting(integer(2, 200), '10', 'connections that one process keeps at most'),
  REDIS_URL: optional(
    url(['redis:', 'rediss:']),
    'Bull queue, event bus and rate-limit counters; unset: all in this process',
    { secret: true },
  ),
  ROLE: setting(
    oneOf(['all', 'api', 'worker']),
    'all',
    'api and worker apart need DATABASE_URL and REDIS_URL',
  ),
  WORKER_CONCURRENCY: setting(
    integer(1, 256),
    String(Math.min(256, availableParallelism())),
    'tasks side by side in one worker; default: the number of cores',
  ),
  JWT_SECRET: optional(
    text.refine((value) => Buffer.byteLength(value) >= 32, 'must have at least 32 bytes'),
    'HMAC key, at least 32 bytes; unset: generated once into DATA_DIR',
    { secret: true },
  ),
  JWT_EXPIRES_IN: setting(duration, '24h', 'life of an access token (s, m, h or d)'),
  REFRESH_EXPIRES_IN: setting(duration, '30d', 'life of a refresh token that is not used'),
  ADMIN_USERNAME: setting(
    text.regex(/^[A-Za-z0-9._-]{3,64}$/, 'must be 3 to 64 of A-Z a-z 0-9 . _ -'),
    'admin',
    "first boot's administrator",
  ),
  ADMIN_PASSWORD: optional(
    text.min(8, 'must have 8 to 128 characters').max(128, 'must have 8 to 128 characters'),
    "first boot's password; unset: generated and printed once",
    { secret: true },
  ),
  REGISTRATION: optional(
    oneOf(['open', 'closed']),
    'whether strangers may register; unset: open, closed in production',
  ),
  RATE_LIMIT_GLOBAL: setting(integer(0), '60', 'requests a minute and user; 0: off'),
  RATE_LIMIT_BUILD: setting(
    integer(0),
    '10',
    'requests to create builds a minute and user; 0: off',
  ),
  RATE_LIMIT_ANALYSIS: setting(
    integer(0),
    '5',
    'requests to create analyses a minute and user; 0: off',
  ),
  RATE_LIMIT_LOGIN: setting(
    integer(0),
    '10',
    'failed logins a minute, for an account from an address; 0: off',
  ),
  QUOTA_UNFINISHED_TASKS: setting(
    integer(0),
    '1000',
    'tasks that one user may have waiting or running; 0: off',
  ),
  QUOTA_STORED_BYTES: setting(
    bytes,
    '1GiB',
    "size of all snapshots in one user's projects, in bytes (or KiB, MiB, GiB)",
  ),
  RETENTION_EVENTS_DAYS: setting(
    integer(0, 36500),
    '30',
    'days that the progress events of a task stay after its end; the last one always does; 0: for ever',
  ),
  RETENTION_LOGS_DAYS: setting(
    integer(0, 36500),
    '30',
    "days that the raw output of a build's checks stays; 0: for ever",
  ),
  RETENTION_CHECKPOINTS_DAYS: setting(
    integer(0, 36500),
    '1',
    'days that the checkpoints of a build stay after its end; 0: for ever',
  ),
  RETENTION_TASKS_DAYS: setting(
    integer(0, 36500),
    '0',
    'days that a task stays after its end, and a source that no build or upload went on from; 0: for ever',
  ),
  WS_MAX_PER_USER: setting(integer(1), '1000', 'open WebSockets of one user'),
  WS_MAX_PER_ADDRESS: setting(integer(1), '2000', 'open WebSockets from one address'),
  PYTHON: optional(text, 'python3 >= 3.10 that checks Python code; unset: the first that fits'),
  TOOLCHAIN_DIR: optional(text, 'folder of the toolchains; unset: DATA_DIR/toolchains'),
  MAX_BODY_BYTES: setting(bytes, '1MiB', 'largest JSON body, in bytes (or KiB, MiB, GiB)'),
  MAX_UPLOAD_BYTES: setting(bytes, '50MiB', 'largest archive, in bytes (or KiB, MiB, GiB)'),
  TRUST_PROXY: optional(
    trustProxy,
    'proxies in front: how many, or their addresses; unset: none is trusted',
  ),
  CORS_ORIGINS: optional(
    origins,
    'comma-separated browser origins for HTTP and WebSocket; unset: none',
  ),
  BUILD_TIMEOUT_SECONDS: setting(integer(1, 86400), '600', 'running time of one build, in seconds'),
  ANALYSIS_TIMEOUT_SECONDS: setting(
    integer(1, 86400),
    '300',
    'running time of one analysis, in seconds',
  ),
  COMMAND_TIMEOUT_SECONDS: setting(
    integer(1, 3600),
    '120',
    'running time of one sandboxed command, in seconds',
  ),
  SANDBOX: setting(
    oneOf(['auto', 'bwrap', 'none']),
    'auto',
    "auto: bubblewrap, or limited processes for the blueprints' code only; bwrap: or don't start; none: limited processes for all",
  ),
  LLM_PROVIDER: optional(
    oneOf(['openai', 'anthropic', 'ollama']),
    'whose model writes code; unset: the offline blueprint engine',
  ),
  LLM_MODEL: optional(text, "the model's name at its provider"),
  LLM_BASE_URL: optional(url(['http:', 'https:']), 'an OpenAI-compatible server, or Ollama'),
  LLM_API_KEY: optional(text, "the provider's key", { secret: true }),
  LLM_CONTEXT_TOKENS: optional(
    integer(4_000, 10_000_000),
    'tokens that the model reads at once; unset: 100000, with ollama 32768',
  ),
  LLM_STREAMING: setting(
    flag,
    'off',
    'whether answers come piece by piece, for proxies that cut silent connections; on or off',
  ),
  LLM_MAX_CALLS: setting(
    integer(1),
    '100',
    "answers of the model in one build; a build's max_calls",
  ),
  LLM_MAX_TOKENS: setting(
    integer(1),
    '2000000',
    "tokens in and out of the model in one build; a build's max_tokens",
  ),
  LLM_MAX_COST_USD: optional(
    decimal(),
    "cost of one build in dollars, by the two prices; a build's max_cost_usd; unset: no limit",
  ),
  LLM_PRICE_INPUT: optional(decimal(), 'dollars for a million tokens into the model'),
  LLM_PRICE_OUTPUT: optional(decimal(), 'dollars for a million tokens out of the model'),
  LLM_MAX_ATTEMPTS: setting(
    integer(0, 20),
    '3',
    "repairs after failed checks in one build; a build's max_attempts",
  ),
  DOCS: setting(flag, 'on', 'Swagger UI at /api/docs and /api/openapi.json; on or off'),
  METRICS_TOKEN: optional(text, 'bearer token that /metrics asks for; unset: none', {
    secret: true,
  }),
  LOG_LEVEL: setting(oneOf(['debug', 'info', 'warn', 'error', 'silent']), 'info', 'least to log'),
  LOG_FORMAT: optional(
    oneOf(['pretty', 'json']),
    'unset: pretty on a terminal, json everywhere else',
  ),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** The settings as the environment gives them, parsed. */
export type RawSettings = { [K in SettingName]: z.output<(typeof SETTINGS)[K]['parse']> };
