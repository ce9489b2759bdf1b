import { readFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg, { type QueryResultRow } from 'pg';
import type { Account } from '../support/system-client.js';
import type { SystemProcess } from '../support/system-process.js';
import { System, type Deployment, type Role, type Settings } from '../support/system.js';

export interface FaultOptions {
  deployment?: Deployment;
  workers?: number;
  apis?: number;
  /** Asked when database and Redis stand, before the first process: the place for proxies in front of them. */
  settings?: (system: FaultSystem) => Settings | Promise<Settings>;
}

/** Limits have tests of their own; the batches here would only run into them. */
const UNLIMITED = { RATE_LIMIT_ANALYSIS: '0', RATE_LIMIT_LOGIN: '0' };

/** The built product, with a way to its database that harms leave alone, and a name for each process. */
export class FaultSystem extends System {
  /** What suites put around it, such as proxies: ended before it, the last one first. */
  readonly around: (() => Promise<unknown>)[] = [];
  private readonly own: Settings = { ...UNLIMITED };
  private pool: pg.Pool | undefined;
  private names = 0;
  /** By what the database calls them (`application_name`), such as `worker-3`. */
  readonly byName = new Map<string, SystemProcess>();

  constructor(private readonly options: FaultOptions = {}) {
    super(options.deployment ?? 'distributed', {}, options.workers ?? 1, options.apis ?? 1);
  }

  /** For suites of one system, to be called where jest collects them. */
  static forSuite(options: FaultOptions): FaultSystem {
    const system = new FaultSystem(options);
    beforeAll(() => system.start(), 120_000);
    afterAll(() => system.stop(), 60_000);
    return system;
  }

  protected override async prepare(): Promise<void> {
    await mkdir(this.temporary);
    Object.assign(this.own, await this.options.settings?.(this));
  }

  override async start(): Promise<void> {
    await super.start();
    this.pool = new pg.Pool({ connectionString: await this.ownUrl(), max: 4 });
    // A database that a case kills breaks idle connections; the next query says so where it matters.
    this.pool.on('error', () => undefined);
  }

  override async stop(): Promise<void> {
    for (let end = this.around.pop(); end; end = this.around.pop()) {
      await end();
    }
    await this.pool?.end();
    this.processes.filter((each) => each.isRunning).forEach((each) => thaw(each));
    await super.stop();
  }

  override async run(role: Role, more: Settings = {}): Promise<SystemProcess> {
    const name = `${role}-${(this.names += 1)}`;
    const started = await super.run(role, { ...this.databaseNamed(name, role), ...more });
    this.byName.set(name, started);
    return started;
  }

  /** Past all proxies. */
  async query<R extends QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
    if (!this.pool) {
      throw new Error('The system has not started');
    }
    return (await this.pool.query<R>(text, values)).rows;
  }

  /** Where its processes keep what is temporary. */
  get temporary(): string {
    return join(this.folder, 'tmp');
  }

  /** Several users, so that one's turn is not everybody's. */
  accounts(count: number): Promise<Account[]> {
    return Promise.all(Array.from({ length: count }, () => this.register()));
  }

  protected override settingsOf(role: Role): Settings {
    return { ...super.settingsOf(role), TMPDIR: this.temporary, ...this.own };
  }

  /** So that the database knows whose statement it runs. */
  private databaseNamed(name: string, role: Role): Settings {
    const url = this.settingsOf(role)['DATABASE_URL'];
    if (url === undefined) {
      return {};
    }
    const named = new URL(url);
    named.searchParams.set('application_name', name);
    return { DATABASE_URL: named.href };
  }

  private async ownUrl(): Promise<string> {
    if (this.databaseUrl !== '') {
      return this.databaseUrl;
    }
    const home = join(this.folder, 'data', 'postgres');
    const password = (await readFile(join(home, 'password'), 'utf8')).trim();
    return `postgresql://goalsmith:${password}@localhost/goalsmith?host=${encodeURIComponent(home)}`;
  }
}

/** Stops it in the middle of whatever it does, as a machine that swaps or a virtual one that moves. */
export function freeze({ pid }: SystemProcess): void {
  process.kill(pid, 'SIGSTOP');
}

export function thaw({ pid }: SystemProcess): void {
  process.kill(pid, 'SIGCONT');
}
