import { resolve } from 'node:path';
import { StartupError } from '../common/startup-error.js';
import { AppConfig, type LlmConfig } from './app-config.js';
import { SETTINGS, type RawSettings, type SettingName } from './settings.js';

/**
 * Reads and checks every setting at once.
 *
 * An empty value counts as unset, as in a `.env` file with a name and nothing after it.
 * @throws StartupError that names every bad setting, never its value.
 */
export function loadConfig(env: Record<string, string | undefined>): AppConfig {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const fallback = 'default' in setting ? setting.default : undefined;
    const parsed = setting.parse.safeParse(env[name]?.trim() || fallback);
    if (parsed.success) {
      values[name] = parsed.data;
    } else {
      problems.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
    }
  }
  if (problems.length === 0) {
    problems.push(...contradictions(values as RawSettings));
  }
  if (problems.length > 0) {
    throw new StartupError(`Bad settings: ${problems.join('; ')}`);
  }
  return toConfig(values as RawSettings);
}

/** What no setting can know by itself. */
function contradictions(s: RawSettings): string[] {
  const problems: string[] = [];
  for (const name of ['DATABASE_URL', 'REDIS_URL'] as const satisfies SettingName[]) {
    if (s.ROLE !== 'all' && !s[name]) {
      problems.push(`ROLE=${s.ROLE} needs ${name}: what is inside one process can't be shared`);
    }
  }
  if (s.NODE_ENV === 'production' && !s.JWT_SECRET) {
    problems.push(
      'NODE_ENV=production needs JWT_SECRET (such as the output of openssl rand -hex 32)',
    );
  }
  if (s.ROLE !== 'all' && !s.JWT_SECRET) {
    problems.push(`ROLE=${s.ROLE} needs JWT_SECRET: every process must know the same key`);
  }
  if (s.NODE_ENV === 'production' && s.SANDBOX === 'none') {
    problems.push('SANDBOX=none is refused where NODE_ENV=production');
  }
  if (s.LLM_PROVIDER && !s.LLM_MODEL) {
    problems.push('LLM_PROVIDER needs LLM_MODEL');
  }
  if (s.LLM_PROVIDER && s.LLM_PROVIDER !== 'ollama' && !s.LLM_API_KEY && !s.LLM_BASE_URL) {
    problems.push(`LLM_PROVIDER=${s.LLM_PROVIDER} needs LLM_API_KEY`);
  }
  if ((s.LLM_PRICE_INPUT === undefined) !== (s.LLM_PRICE_OUTPUT === undefined)) {
    problems.push('LLM_PRICE_INPUT and LLM_PRICE_OUTPUT need each other');
  } else if (s.LLM_MAX_COST_USD !== undefined && s.LLM_PRICE_INPUT === undefined) {
    problems.push('LLM_MAX_COST_USD needs LLM_PRICE_INPUT and LLM_PRICE_OUTPUT');
  }
  return problems;
}

function toConfig(s: RawSettings): AppConfig {
  const dataDir = resolve(s.DATA_DIR);
  return Object.assign(new AppConfig(), {
    isProduction: s.NODE_ENV === 'production',
    role: s.ROLE,
    http: {
      port: s.PORT,
      host: s.HOST,
      trustProxy: s.TRUST_PROXY,
      corsOrigins: s.CORS_ORIGINS ?? [],
      maxBodyBytes: s.MAX_BODY_BYTES,
      docs: s.DOCS,
      metricsToken: s.METRICS_TOKEN,
    },
    dataDir,
    databaseUrl: s.DATABASE_URL,
    databasePool: s.DATABASE_POOL,
    redisUrl: s.REDIS_URL,
    auth: {
      jwtSecret: s.JWT_SECRET,
      accessTokenSeconds: s.JWT_EXPIRES_IN,
      refreshTokenSeconds: s.REFRESH_EXPIRES_IN,
      adminUsername: s.ADMIN_USERNAME,
      adminPassword: s.ADMIN_PASSWORD,
      openRegistration:
        (s.REGISTRATION ?? (s.NODE_ENV === 'production' ? 'closed' : 'open')) === 'open',
    },
    rateLimits: {
      global: s.RATE_LIMIT_GLOBAL,
      build: s.RATE_LIMIT_BUILD,
      analysis: s.RATE_LIMIT_ANALYSIS,
      login: s.RATE_LIMIT_LOGIN,
    },
    quotas: { unfinishedTasks: s.QUOTA_UNFINISHED_TASKS, storedBytes: s.QUOTA_STORED_BYTES },
    sockets: { maxPerUser: s.WS_MAX_PER_USER, maxPerAddress: s.WS_MAX_PER_ADDRESS },
    uploads: { maxBytes: s.MAX_UPLOAD_BYTES },
    work: {
      concurrency: s.WORKER_CONCURRENCY,
      buildTimeoutMs: s.BUILD_TIMEOUT_SECONDS * 1000,
      analysisTimeoutMs: s.ANALYSIS_TIMEOUT_SECONDS * 1000,
      commandTimeoutMs: s.COMMAND_TIMEOUT_SECONDS * 1000,
    },
    sandbox: s.SANDBOX,
    toolchains: { python: s.PYTHON, dir: resolve(s.TOOLCHAIN_DIR ?? `${dataDir}/toolchains`) },
    llm: toLlmConfig(s),
    log: {
      level: s.LOG_LEVEL,
      format: s.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    },
  } satisfies AppConfig);
}

function toLlmConfig(s: RawSettings): LlmConfig | undefined {
  if (!s.LLM_PROVIDER || !s.LLM_MODEL) {
    return undefined;
  }
  const { LLM_PRICE_INPUT: inputUsd, LLM_PRICE_OUTPUT: outputUsd } = s;
  return {
    provider: s.LLM_PROVIDER,
    model: s.LLM_MODEL,
    baseUrl: s.LLM_BASE_URL,
    apiKey: s.LLM_API_KEY,
    // Ollama keeps room for the whole context in the graphics card's memory.
    contextTokens: s.LLM_CONTEXT_TOKENS ?? (s.LLM_PROVIDER === 'ollama' ? 32_768 : 100_000),
    isStreaming: s.LLM_STREAMING,
    limits: {
      calls: s.LLM_MAX_CALLS,
      tokens: s.LLM_MAX_TOKENS,
      costUsd: s.LLM_MAX_COST_USD,
      attempts: s.LLM_MAX_ATTEMPTS,
    },
    prices: inputUsd === undefined || outputUsd === undefined ? undefined : { inputUsd, outputUsd },
  };
}
