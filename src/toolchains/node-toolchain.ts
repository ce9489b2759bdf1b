import { createHash } from 'node:crypto';
import { access, copyFile, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import type { SandboxMount } from '../infra/sandbox/sandbox.js';
import { nodeRuntime } from './node-runtime.js';
import { runInstaller } from './install-command.js';
import { npmCacheArguments } from './npm-cache.js';
import { PreparedToolchain, type ToolchainPlan } from './prepared-toolchain.js';

const TEMPLATES = fileURLToPath(new URL('templates/node', import.meta.url));
const PINS = ['package.json', 'package-lock.json'];

/** Where a sandboxed command sees the packages: where Node and every tool look for them. */
const PACKAGES = '/workspace/node_modules';

export interface NodeTools {
  /** The program, as seen inside the sandbox. */
  node: string;
  /** The folder of all packages, as seen inside. */
  packages: string;
  mounts: SandboxMount[];
  /** Of Node itself. */
  version: string;
}

/** Every package that generated TypeScript projects use, and what checks them, in one `node_modules`. */
@Injectable()
export class NodeToolchain extends PreparedToolchain<NodeTools> {
  protected readonly title = 'Node';

  constructor(config: AppConfig) {
    super(config.toolchains.dir);
  }

  protected override async plan(): Promise<ToolchainPlan<NodeTools>> {
    return {
      folder: `node-${await fingerprint()}`,
      version: process.versions.node,
      install,
      toTools,
    };
  }

  /** npm says the cause in its `npm error` lines. */
  protected override reasonOf(error: unknown): string {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    const lines = output
      .split('\n')
      .filter((line) => /^npm error (?!A complete log|code )/.test(line))
      .map((line) => line.replace('npm error ', ''));
    const cause =
      lines.slice(0, 3).join(' ') || (error instanceof Error ? error.message : String(error));
    return (
      `the toolchain could not be installed: ${cause.slice(0, 500)}. ` +
      'Check that npm reaches its registry (npm config, proxy settings), or set TOOLCHAIN_DIR to a prepared folder'
    );
  }
}

/** Install scripts stay off: no package of the list needs one, and none may run here. */
async function install(draft: string, signal: AbortSignal): Promise<void> {
  await Promise.all(PINS.map((name) => copyFile(join(TEMPLATES, name), join(draft, name))));
  const options = { env: childEnvironment(process.env), timeoutMs: 600_000, signal };
  const [program, ...first] = await findNpm();
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
  const limits = ['--fetch-retries=1', '--fetch-timeout=60000', '--loglevel=error'];
  const ownCache = join(draft, '.npm-cache');
  const cache = await npmCacheArguments(ownCache, options.env);
  const args = [...first, 'ci', ...quiet, ...limits, ...cache];
  await runInstaller(program, args, { ...options, cwd: draft });
  await rm(ownCache, { recursive: true, force: true });
  // The sandbox's user reads it, whatever the server's umask is.
  await runInstaller('chmod', ['-R', 'a+rX', draft], options);
}

/** The npm that came with this Node, or else the one on the PATH. */
async function findNpm(): Promise<[string, ...string[]]> {
  const bundled = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return access(bundled).then(
    (): [string, ...string[]] => [process.execPath, bundled],
    (): [string, ...string[]] => ['npm'],
  );
}

function toTools(folder: string): NodeTools {
  const runtime = nodeRuntime();
  return {
    node: runtime.node,
    packages: PACKAGES,
    mounts: [...runtime.mounts, { host: join(folder, 'node_modules'), inside: PACKAGES }],
    version: process.versions.node,
  };
}

/** Of everything that decides what is in the folder: the lock names every version and its digest. */
async function fingerprint(): Promise<string> {
  const texts = await Promise.all(PINS.map((name) => readFile(join(TEMPLATES, name), 'utf8')));
  return createHash('sha256')
    .update([process.platform, process.arch, ...texts].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** What npm needs of ours: its own settings and the proxy's; none of the server's secrets. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted =
    /^(PATH|HOME|LANG|LC_\w+|TMPDIR|XDG_\w+|npm_config_\w+|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|(https?|no|all)_proxy)$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted.test(name)));
}
