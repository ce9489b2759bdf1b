import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import type { SandboxMount } from '../infra/sandbox/sandbox.js';
import { PreparedToolchain, type ToolchainPlan } from './prepared-toolchain.js';
import { findPython, NoPython, type PythonInterpreter } from './python-interpreter.js';

const run = promisify(execFile);

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
      install: (draft) => install(python, draft),
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

async function install(python: PythonInterpreter, draft: string): Promise<void> {
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
  await fillMypyCache(draft, options.env);
  // The sandbox's user reads it, whatever the server's umask is.
  await run('chmod', ['-R', 'a+rX', draft], options);
}

/** Checking the packages takes mypy most of its time, and they never change: done here once for all builds. */
async function fillMypyCache(draft: string, env: NodeJS.ProcessEnv): Promise<void> {
  const cache = join(draft, MYPY_CACHE);
  await run(join(draft, 'bin/python'), ['-m', 'mypy', '--cache-dir', cache, 'packages.py'], {
    cwd: CACHED_BY_MYPY,
    env,
    timeout: 120_000,
  });
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
