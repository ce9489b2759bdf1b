import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../support/system-client.js';
import type { Reply } from '../support/system-http.js';
import type { AcceptedTask, Batch } from './fault-batch.js';
import type { FaultSystem } from './fault-system.js';

const PAUSE_MS = 250;

/** Reads, creates and probes again and again while something is wrong, and keeps what it was answered. */
export class Visitor {
  /** Statuses of a list, and of one task. */
  readonly reads = new Set<number>();
  readonly creates = new Set<number>();
  readonly readiness = new Set<number>();
  readonly liveness = new Set<number>();
  /** Of answers with 503: what a client is told of when to come again. */
  readonly retryAfters = new Set<string | undefined>();
  private isLeaving = false;
  private readonly round: Promise<void>;

  /** @param known A task that was there before. */
  constructor(
    private readonly system: FaultSystem,
    private readonly batch: Batch,
    readonly account: Account,
    private readonly known: AcceptedTask,
  ) {
    this.round = this.visit();
    // Until somebody waits for it.
    this.round.catch(() => undefined);
  }

  /** Resolves when its last answers are there. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    await this.round;
  }

  private async visit(): Promise<void> {
    while (!this.isLeaving) {
      await Promise.all([this.read(), this.create(), this.probe()]);
      await delay(PAUSE_MS);
    }
  }

  private async read(): Promise<void> {
    const { token } = this.account;
    const paths = [`/api/${this.known.kind}/`, `/api/${this.known.kind}/${this.known.id}`];
    for (const path of paths) {
      this.keep(this.reads, await this.system.request('GET', path, { token }));
    }
  }

  private async create(): Promise<void> {
    const { token } = this.account;
    // Its goal is refused by the worker at once: many of them are no load.
    const body = { ...this.batch.buildBody(), goal: 'zzz' };
    const reply = await this.system.request('POST', '/api/build/', { token, body });
    this.keep(this.creates, reply);
    if (reply.status === 202) {
      const id = String(reply.body['task_id']);
      this.batch.accepted.push({ id, kind: 'build', account: this.account });
    }
  }

  private async probe(): Promise<void> {
    this.readiness.add((await this.system.request('GET', '/api/health/ready')).status);
    this.liveness.add((await this.system.request('GET', '/api/health/live')).status);
  }

  private keep(statuses: Set<number>, reply: Reply<unknown>): void {
    statuses.add(reply.status);
    if (reply.status === 503) {
      this.retryAfters.add(reply.headers['retry-after']);
    }
  }
}
