import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { startRedis, type RedisServer } from './redis-server.js';
import { SystemClient } from './system-client.js';
import { SystemProcess } from './system-process.js';

/** `embedded`: one process that brings its database. `distributed`: ROLE=api and ROLE=worker on PostgreSQL and Redis. */
export type Deployment = 'embedded' | 'distributed';
export type Settings = Record<string, string>;
export type Role = 'all' | 'api' | 'worker';

/** Processes of each role; `TEST_PROCESSES=2` runs the same suites on two APIs and two workers. */
const PROCESSES = Number(process.env['TEST_PROCESSES'] ?? 1);

/** Shared by every suite and every run: making it takes a quarter of a minute. */
export const TOOLCHAIN_DIR = join(tmpdir(), 'goalsmith-test-toolchains');

/** Starts the built product as its users do. */
export async function startSystem(deployment: Deployment, settings: Settings = {}) {
  const system = new System(deployment, settings);
  await system.start();
  return system;
}

/** The product in one deployment: its processes, and what they stand on. */
export class System extends SystemClient {
  /** Those that run, and those that ran. */
  readonly processes: SystemProcess[] = [];
  folder = '';
  private readonly running = new Map<Role, SystemProcess[]>();
  private requests = 0;
  private database: TestDatabase | undefined;
  private redis: RedisServer | undefined;

  constructor(
    readonly deployment: Deployment,
    private readonly settings: Settings = {},
    /** How many, where roles are apart. */
    private readonly workers = PROCESSES,
    private readonly apis = PROCESSES,
  ) {
    super();
  }

  async start(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'goalsmith-e2e-'));
    if (this.deployment === 'distributed') {
      this.database = await createTestDatabase();
      this.redis = await startRedis();
    }
    await this.prepare();
    for (const role of this.roles) {
      await this.run(role);
      // All but the first find the schema made.
      const count = role === 'all' ? 1 : role === 'api' ? this.apis : this.workers;
      await Promise.all(Array.from({ length: count - 1 }, () => this.run(role)));
    }
  }

  /** What a suite needs between its database and its first process. */
  protected async prepare(): Promise<void> {}

  /**
   * Starts a process of that role, beside the others or in place of one that ended.
   * @param more Settings of this process alone.
   */
  async run(role: Role, more: Settings = {}): Promise<SystemProcess> {
    const settings = { ...this.settingsOf(role), ...more };
    const started = await SystemProcess.start(this.folder, settings);
    this.processes.push(started);
    this.running.set(role, [...this.all(role), started]);
    return started;
  }

  /** Those of the role that run. */
  all(role: Role): SystemProcess[] {
    return (this.running.get(role) ?? []).filter((each) => each.isRunning);
  }

  /** To look at what no route shows. */
  get databaseUrl(): string {
    return this.database?.url ?? '';
  }

  get redisUrl(): string {
    return this.redis?.url ?? '';
  }

  /** What answers requests. */
  get front(): SystemProcess {
    return this.process(this.deployment === 'embedded' ? 'all' : 'api');
  }

  /** What runs tasks. */
  get worker(): SystemProcess {
    return this.process(this.deployment === 'embedded' ? 'all' : 'worker');
  }

  get roleOfWorker(): Role {
    return this.deployment === 'embedded' ? 'all' : 'worker';
  }

  /** By turns where there are several: no two requests in a row meet the same process. */
  override get url(): string {
    const fronts = this.all(this.deployment === 'embedded' ? 'all' : 'api');
    this.requests += 1;
    return (fronts[this.requests % fronts.length] ?? this.front).url;
  }

  /** Everything that its processes wrote. */
  logs(): string {
    return this.processes.map((each) => each.log).join('');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.keys()].flatMap((role) => this.all(role)).map(ended));
    // Where a test killed its server and didn't start it again.
    await this.killDatabase('SIGINT');
    await this.redis?.stop();
    await this.database?.drop();
    await this.removeFolder();
  }

  protected async removeFolder(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get roles(): Role[] {
    return this.deployment === 'embedded' ? ['all'] : ['api', 'worker'];
  }

  private process(role: Role): SystemProcess {
    // One that just ended, where none is left, for those who read its log.
    const found = this.all(role)[0] ?? this.running.get(role)?.at(-1);
    if (!found) {
      throw new Error(`No process with ROLE=${role} was started`);
    }
    return found;
  }

  protected settingsOf(role: Role): Settings {
    return {
      ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(this.folder, 'data'), TOOLCHAIN_DIR },
      ...{ ADMIN_PASSWORD: this.admin.password, LOG_LEVEL: 'debug' },
      ...{ RATE_LIMIT_GLOBAL: '0', RATE_LIMIT_BUILD: '0' },
      ...(this.database && this.redis
        ? {
            ...{ ROLE: role, DATABASE_URL: this.database.url, REDIS_URL: this.redis.url },
            JWT_SECRET: 'only-for-the-end-to-end-tests-0123456789',
          }
        : {}),
      ...this.settings,
    };
  }

  /** Ends the embedded database alone. Does nothing where none runs. */
  async killDatabase(signal: NodeJS.Signals): Promise<void> {
    const file = join(this.folder, 'data', 'postgres', 'data', 'postmaster.pid');
    const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
    // A crash leaves the file behind, and its number may be somebody else's by now.
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(this.folder)) {
      process.kill(pid, signal);
    }
  }
}

async function ended(server: SystemProcess): Promise<void> {
  await server.stop();
}
