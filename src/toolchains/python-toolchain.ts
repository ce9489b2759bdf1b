import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import type { ToolchainStatus } from '../health/status-source.js';
import type { SandboxMount } from '../infra/sandbox/sandbox.js';
import { findPython, NoPython, type PythonInterpreter } from './python-interpreter.js';

const run = promisify(execFile);

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));
const REQUIREMENTS = join(TEMPLATES, 'python-requirements.txt');
const CACHED_BY_MYPY = join(TEMPLATES, 'mypy-cache');

/** Where a sandboxed command sees the toolchain. */
const TOOLCHAIN = '/toolchain';
/** In the toolchain's folder. */
const MYPY_CACHE = 'mypy-cache';

/** A half-made folder older than this belongs to a process that died. */
const ABANDONED_MS = 60 * 60 * 1000;
const RETRY_AFTER_MS = 30_000;
/** A task that waits no longer than this says nothing of it. */
const MOMENT_MS = 500;

export interface PythonTools {
  /** As seen inside the sandbox. */
  python: string;
  mounts: SandboxMount[];
  /** Folder with mypy's cache of the installed packages, as seen inside; read-only, so to be copied. */
  mypyCache: string;
  /** Of Python itself. */
  version: string;
}

/** The toolchain can't be made; the message says why and what to do. */
export class ToolchainUnavailable extends Error {
  override name = 'ToolchainUnavailable';
}

/**
 * The virtual environment that checks Python code: made once from pinned requirements, then only read.
 *
 * It is named after its contents and moved into place when complete, so that several servers may share the folder
 * and a crash leaves nothing that looks finished.
 */
@Injectable()
export class PythonToolchain implements OnApplicationBootstrap {
  private readonly log = new Logger(PythonToolchain.name);
  private making: Promise<PythonTools> | undefined;
  private failedAt = -Infinity;
  private current: ToolchainStatus = { status: 'preparing' };

  constructor(private readonly config: AppConfig) {}

  get status(): ToolchainStatus {
    return this.current;
  }

  /** Ahead of the first task. Why it can't be made is logged, and said by every task that needs it. */
  onApplicationBootstrap(): void {
    this.prepare().catch(() => undefined);
  }

  /**
   * For one task. Making a toolchain is shared by all of them, and goes on when this one is aborted.
   *
   * @param onWait Called once where it takes more than a moment.
   * @throws ToolchainUnavailable, and the signal's reason when aborted
   */
  async ready(signal: AbortSignal, onWait: (text: string) => Promise<void>): Promise<PythonTools> {
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
      await onWait('Preparing the Python toolchain (once, about a minute)');
    }
    return orAborted(making, signal);
  }

  /** Makes it where it isn't there. @throws ToolchainUnavailable */
  async prepare(): Promise<PythonTools> {
    if (
      this.current.status === 'unavailable' &&
      performance.now() - this.failedAt > RETRY_AFTER_MS
    ) {
      this.making = undefined;
    }
    this.making ??= this.make();
    return this.making;
  }

  private async make(): Promise<PythonTools> {
    this.current = { status: 'preparing' };
    try {
      const python = await findPython(this.config.toolchains.python, process.env);
      const folder = await this.ensureFolder(python);
      this.current = { status: 'ready', version: python.version };
      return toTools(python, folder);
    } catch (error) {
      const reason = reasonOf(error);
      this.failedAt = performance.now();
      this.current = { status: 'unavailable', reason };
      this.log.error(`Python code can't be checked: ${reason}`);
      throw new ToolchainUnavailable(reason, { cause: error });
    }
  }

  private async ensureFolder(python: PythonInterpreter): Promise<string> {
    const { dir } = this.config.toolchains;
    const name = `python-${await fingerprint(python)}`;
    const folder = join(dir, name);
    if (await exists(join(folder, 'complete.json'))) {
      return folder;
    }
    await mkdir(dir, { recursive: true });
    await removeAbandoned(dir);
    const draft = join(dir, `.${name}.${process.pid}.${Date.now()}`);
    this.log.log(`Preparing the Python toolchain (Python ${python.version}); builds wait for it`);
    const started = performance.now();
    try {
      await this.install(python, draft);
      await writeFile(join(draft, 'complete.json'), JSON.stringify({ python: python.version }));
      await rename(draft, folder).catch(async (error: unknown) => {
        // Another server sharing the folder was faster; its result is the same.
        if (!(await exists(join(folder, 'complete.json')))) {
          throw error;
        }
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    this.log.log(
      `Python toolchain ready in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    return folder;
  }

  private async install(python: PythonInterpreter, draft: string): Promise<void> {
    const options = { env: childEnvironment(process.env), maxBuffer: 16 * 1024 * 1024 };
    await run(python.executable, ['-I', '-m', 'venv', draft], { ...options, timeout: 120_000 });
    const pip = [
      '-m',
      'pip',
      'install',
      '--no-input',
      '--no-cache-dir',
      '--disable-pip-version-check',
    ];
    const limits = ['--retries', '0', '--timeout', '15', '--only-binary', ':all:'];
    await run(join(draft, 'bin/python'), [...pip, ...limits, '-r', REQUIREMENTS], {
      ...options,
      timeout: 600_000,
    });
    await this.fillMypyCache(draft, options.env);
    // The sandbox's user reads it, whatever the server's umask is.
    await run('chmod', ['-R', 'a+rX', draft], options);
  }

  /** Checking the packages takes mypy most of its time, and they never change: done here once for all builds. */
  private async fillMypyCache(draft: string, env: NodeJS.ProcessEnv): Promise<void> {
    const cache = join(draft, MYPY_CACHE);
    await run(join(draft, 'bin/python'), ['-m', 'mypy', '--cache-dir', cache, 'packages.py'], {
      cwd: CACHED_BY_MYPY,
      env,
      timeout: 120_000,
    });
  }
}

function toTools(python: PythonInterpreter, folder: string): PythonTools {
  const mounts = [{ host: folder, inside: TOOLCHAIN }];
  if (!python.prefix.startsWith('/usr')) {
    mounts.push({ host: python.prefix, inside: python.prefix });
  }
  return {
    python: `${TOOLCHAIN}/bin/python`,
    mypyCache: `${TOOLCHAIN}/${MYPY_CACHE}`,
    mounts,
    version: python.version,
  };
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

/** Of everything that decides what is in the folder. */
async function fingerprint(python: PythonInterpreter): Promise<string> {
  const sources = [
    REQUIREMENTS,
    join(CACHED_BY_MYPY, 'packages.py'),
    join(CACHED_BY_MYPY, 'pyproject.toml'),
  ];
  const texts = await Promise.all(sources.map((path) => readFile(path, 'utf8')));
  return createHash('sha256')
    .update([python.executable, python.version, process.arch, ...texts].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** What pip needs of ours: its own settings and the proxy's; none of the server's secrets. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted =
    /^(PATH|HOME|LANG|LC_\w+|TMPDIR|XDG_\w+|PIP_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(https?|no|all)_proxy)$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted.test(name)));
}

async function removeAbandoned(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const path = join(dir, name);
    if (name.startsWith('.python-') && Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS) {
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

/** pip says the cause in its last ERROR lines. */
function reasonOf(error: unknown): string {
  if (error instanceof NoPython) {
    return error.message;
  }
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = output.split('\n').filter((line) => line.startsWith('ERROR'));
  const cause =
    lines.slice(-2).join(' ') || (error instanceof Error ? error.message : String(error));
  return (
    `the toolchain could not be installed: ${cause.slice(0, 500)}. ` +
    'Check that pip reaches its package index (pip config, proxy settings), or set TOOLCHAIN_DIR to a prepared folder'
  );
}
