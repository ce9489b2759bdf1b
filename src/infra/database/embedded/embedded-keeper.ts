import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresLog, PostgresServer } from './embedded-server.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** A server that is started again when it ends unasked, as on a full disk: until there is room, again and again. */
export class KeptServer {
  private readonly stopping = new AbortController();
  private readonly keeping: Promise<void>;

  private constructor(
    private server: PostgresServer,
    private readonly launch: () => Promise<PostgresServer>,
    private readonly log: PostgresLog,
  ) {
    this.keeping = this.keep();
  }

  /** @throws what `launch` throws the first time. */
  static async start(launch: () => Promise<PostgresServer>, log: PostgresLog): Promise<KeptServer> {
    return new KeptServer(await launch(), launch, log);
  }

  /** Of the postmaster that runs now, or ran last. */
  get pid(): number {
    return this.server.pid;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.server.stop();
    // It may have been started again in this moment.
    await this.keeping;
  }

  private async keep(): Promise<void> {
    for (;;) {
      await this.server.exited;
      if (this.isStopping) {
        return;
      }
      this.log('error', 'The embedded PostgreSQL ended unexpectedly; it is started again.');
      const next = await this.startAgain();
      if (!next) {
        return;
      }
      this.server = next;
      if (this.isStopping) {
        await next.stop();
        return;
      }
      this.log('info', 'The embedded PostgreSQL is back.');
    }
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** @returns `null` where it was told to stop before. */
  private async startAgain(): Promise<PostgresServer | null> {
    const { signal } = this.stopping;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (this.isStopping) {
        return null;
      }
      try {
        return await this.launch();
      } catch (error) {
        this.log('warn', `The embedded PostgreSQL does not start yet: ${String(error)}`);
      }
    }
  }
}
