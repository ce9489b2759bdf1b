/** The settings as the program uses them: typed, grouped, with their units in the names. */
export class AppConfig {
  isProduction!: boolean;
  role!: 'all' | 'api' | 'worker';
  http!: {
    port: number;
    host: string;
    /** `undefined`: nobody's `X-Forwarded-For` is believed. */
    trustProxy: number | string | undefined;
    corsOrigins: string[];
    maxBodyBytes: number;
    docs: boolean;
    metricsToken: string | undefined;
  };
  /** Absolute. */
  dataDir!: string;
  /** `undefined`: the embedded server. */
  databaseUrl!: string | undefined;
  databasePool!: number;
  /** `undefined`: queue, bus and counters live in this process. */
  redisUrl!: string | undefined;
  auth!: {
    /** `undefined`: generated once into `dataDir`. */
    jwtSecret: string | undefined;
    accessTokenSeconds: number;
    refreshTokenSeconds: number;
    adminUsername: string;
    adminPassword: string | undefined;
    openRegistration: boolean;
  };
  /** Requests a minute; 0: off. */
  rateLimits!: { global: number; build: number; analysis: number; login: number };
  quotas!: { unfinishedTasks: number; storedBytes: number };
  sockets!: { maxPerUser: number; maxPerAddress: number };
  uploads!: { maxBytes: number };
  work!: {
    concurrency: number;
    buildTimeoutMs: number;
    analysisTimeoutMs: number;
    commandTimeoutMs: number;
  };
  sandbox!: 'auto' | 'bwrap' | 'none';
  toolchains!: { python: string | undefined; dir: string };
  /** `undefined`: the offline blueprint engine. */
  llm!: LlmConfig | undefined;
  log!: { level: 'debug' | 'info' | 'warn' | 'error' | 'silent'; format: 'pretty' | 'json' };
}

export interface LlmConfig {
  provider: 'openai' | 'anthropic' | 'ollama';
  model: string;
  /** `undefined`: the provider's own. */
  baseUrl: string | undefined;
  apiKey: string | undefined;
  /** What the model reads at once. */
  contextTokens: number;
  /** Whether answers come piece by piece. */
  isStreaming: boolean;
  /** Of one build. */
  limits: {
    calls: number;
    tokens: number;
    /** `undefined`: no limit. */
    costUsd: number | undefined;
    /** Repairs after failed checks. */
    attempts: number;
  };
  /** For a million tokens; `undefined`: the cost isn't known. */
  prices: { inputUsd: number; outputUsd: number } | undefined;
}
