import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ToolchainStatus } from '../health/status-source.js';

/** A half-made folder older than this belongs to a process that died. */
const ABANDONED_MS = 60 * 60 * 1000;
const RETRY_AFTER_MS = 30_000;
/** A task that waits no longer than this says nothing of it. */
const MOMENT_MS = 500;

/** The toolchain can't be made; the message says why and what to do. */
export class ToolchainUnavailable extends Error {
  override name = 'ToolchainUnavailable';
}

/** How one toolchain is made. */
export interface ToolchainPlan<Tools> {
  /** Changes with everything that decides what is in the folder. */
  folder: string;
  version: string;
  /** Fills the draft folder, which exists; nothing that it started may outlive an abort. */
  install: (draft: string, signal: AbortSignal) => Promise<void>;
  toTools: (folder: string) => Tools;
}

/**
 * A folder of tools: made once from pinned versions, then only read.
 *
 * It is named after its contents and moved into place when complete, so that several servers may share the parent
 * folder and a crash leaves nothing that looks finished.
 */
export abstract class PreparedToolchain<Tools> {
  protected abstract readonly title: string;
  private readonly log = new Logger(this.constructor.name);
  private making: Promise<Tools> | undefined;
  private failedAt = -Infinity;
  private readonly stopping = new AbortController();
  private current: ToolchainStatus = { status: 'preparing' };

  constructor(private readonly dir: string) {}

  get status(): ToolchainStatus {
    return this.current;
  }

  /** Ahead of the first task. Why it can't be made is logged, and said by every task that needs it. */
  onApplicationBootstrap(): void {
    this.prepare().catch(() => undefined);
  }

  /**
   * What is being made would be made for nobody. Not before the worker has let go of its tasks: those that wait for it
   * would fail instead of being handed back.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('The server stops'));
    await this.making?.catch(() => undefined);
  }

  /**
   * For one task. Making a toolchain is shared by all of them, and goes on when this one is aborted.
   *
   * @param onWait Called once where it takes more than a moment.
   * @throws ToolchainUnavailable, and the signal's reason when aborted
   */
  async ready(signal: AbortSignal, onWait: (text: string) => Promise<void>): Promise<Tools> {
    const making = this.prepare();
    // Awaited below; until then a failure is nobody's.
    making.catch(() => undefined);
    const isQuick = await Promise.race([
      making.then(
        () => true,
        () => true,
      ),
      delay(MOMENT_MS, false),
    ]);
    signal.throwIfAborted();
    if (!isQuick) {
      await onWait(`Preparing the ${this.title} toolchain (once, about a minute)`);
    }
    return orAborted(making, signal);
  }

  /** Makes it where it isn't there. @throws ToolchainUnavailable */
  async prepare(): Promise<Tools> {
    if (
      this.current.status === 'unavailable' &&
      performance.now() - this.failedAt > RETRY_AFTER_MS
    ) {
      this.making = undefined;
    }
    this.making ??= this.make();
    return this.making;
  }

  protected abstract plan(): Promise<ToolchainPlan<Tools>>;

  /** The cause and its remedy, for an operator. */
  protected abstract reasonOf(error: unknown): string;

  private async make(): Promise<Tools> {
    this.current = { status: 'preparing' };
    try {
      const plan = await this.plan();
      const folder = await this.ensureFolder(plan);
      this.current = { status: 'ready', version: plan.version };
      return plan.toTools(folder);
    } catch (error) {
      const reason = this.reasonOf(error);
      this.failedAt = performance.now();
      this.current = { status: 'unavailable', reason };
      if (!this.stopping.signal.aborted) {
        this.log.error(`${this.title} code can't be checked: ${reason}`);
      }
      throw new ToolchainUnavailable(reason, { cause: error });
    }
  }

  private async ensureFolder(plan: ToolchainPlan<Tools>): Promise<string> {
    const folder = join(this.dir, plan.folder);
    const complete = (place: string) => join(place, 'complete.json');
    if (await exists(complete(folder))) {
      return folder;
    }
    await mkdir(this.dir, { recursive: true });
    await removeAbandoned(this.dir);
    const draft = join(this.dir, `.${plan.folder}.${process.pid}.${Date.now()}`);
    this.log.log(
      `Preparing the ${this.title} toolchain (${this.title} ${plan.version}); builds wait for it`,
    );
    const started = performance.now();
    try {
      await mkdir(draft);
      await plan.install(draft, this.stopping.signal);
      await writeFile(complete(draft), JSON.stringify({ version: plan.version }));
      await rename(draft, folder).catch(async (error: unknown) => {
        // Another server sharing the folder was faster; its result is the same.
        if (!(await exists(complete(folder)))) {
          throw error;
        }
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    this.log.log(`${this.title} toolchain ready in ${seconds} s`);
    return folder;
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Drafts only: their names start with a dot and a toolchain's name. */
async function removeAbandoned(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const path = join(dir, name);
    const isDraft = /^\.(python|node)-/.test(name);
    if (isDraft && Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
