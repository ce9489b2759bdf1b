import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/infra/database/embedded/embedded-postgres.js';

/** A PostgreSQL server to be harmed, which keeps what it was told to be committed. */
export class PostgresService {
  private server: EmbeddedPostgres | undefined;

  private constructor(
    private readonly folder: string,
    private readonly maxConnections: number,
  ) {}

  static async start(maxConnections = 100): Promise<PostgresService> {
    // Short: a socket's path must be, and then it is the same after each restart.
    const folder = await mkdtemp(join(tmpdir(), 'pg-'));
    const service = new PostgresService(folder, maxConnections);
    await service.restart();
    return service;
  }

  /** Names its socket. */
  get url(): string {
    return this.server?.url ?? '';
  }

  /** Ends it as a crash does, with every process of it. */
  async crash(): Promise<void> {
    if (this.server) {
      process.kill(this.server.pid, 'SIGKILL');
      await this.server.stop();
    }
  }

  /** Ends it as an operator does. */
  async shutDown(): Promise<void> {
    await this.server?.stop();
  }

  async restart(): Promise<void> {
    await this.shutDown();
    this.server = await startEmbeddedPostgres({
      dataDir: this.folder,
      durable: true,
      maxConnections: this.maxConnections,
      log: () => undefined,
    });
  }

  async stop(): Promise<void> {
    await this.shutDown();
    await rm(this.folder, { recursive: true, force: true });
  }
}
