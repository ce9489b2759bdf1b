import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import type { SandboxMount } from '../infra/sandbox/sandbox.js';
import { runInstaller, type InstallOptions } from './install-command.js';
import { PreparedToolchain, type ToolchainPlan } from './prepared-toolchain.js';
import { findPython, NoPython, type PythonInterpreter } from './python-interpreter.js';

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));
const REQUIREMENTS = join(TEMPLATES, 'python-requirements.txt');
const CACHED_BY_MYPY = join(TEMPLATES, 'mypy-cache');

/** Where a sandboxed command sees the toolchain. */
const TOOLCHAIN = '/toolchain';
/** In the toolchain's folder. */
const MYPY_CACHE = 'mypy-cache';

export interface PythonTools {
  /** As seen inside the sandbox. */
  python: string;
  mounts: SandboxMount[];
  /** Folder with mypy's cache of the installed packages, as seen inside; read-only, so to be copied. */
  mypyCache: string;
  /** Of Python itself. */
  version: string;
}

/** The virtual environment that checks Python code. */
@Injectable()
export class PythonToolchain extends PreparedToolchain<PythonTools> {
  protected readonly title = 'Python';

  constructor(private readonly config: AppConfig) {
    super(config.toolchains.dir);
  }

  protected override async plan(): Promise<ToolchainPlan<PythonTools>> {
    const python = await findPython(this.config.toolchains.python, process.env);
    return {
      folder: `python-${await fingerprint(python)}`,
      version: python.version,
      install: (draft, signal) => install(python, draft, signal),
      toTools: (folder) => toTools(python, folder),
    };
  }

  /** pip says the cause in its last ERROR lines. */
  protected override reasonOf(error: unknown): string {
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
}

async function install(
  python: PythonInterpreter,
  draft: string,
  signal: AbortSignal,
): Promise<void> {
  const options = { env: childEnvironment(process.env), timeoutMs: 600_000, signal };
  await runInstaller(python.executable, ['-I', '-m', 'venv', draft], options);
  const pip = [
    '-m',
    'pip',
    'install',
    '--no-input',
    '--no-cache-dir',
    '--disable-pip-version-check',
  ];
  const limits = ['--retries', '0', '--timeout', '15', '--only-binary', ':all:'];
  await runInstaller(join(draft, 'bin/python'), [...pip, ...limits, '-r', REQUIREMENTS], options);
  await fillMypyCache(draft, options);
  // The sandbox's user reads it, whatever the server's umask is.
  await runInstaller('chmod', ['-R', 'a+rX', draft], options);
}

/** Checking the packages takes mypy most of its time, and they never change: done here once for all builds. */
async function fillMypyCache(draft: string, options: InstallOptions): Promise<void> {
  const cache = join(draft, MYPY_CACHE);
  const args = ['-m', 'mypy', '--cache-dir', cache, 'packages.py'];
  await runInstaller(join(draft, 'bin/python'), args, { ...options, cwd: CACHED_BY_MYPY });
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
