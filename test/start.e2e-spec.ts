import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** What a clone holds that the two commands need. */
const CLONED =
  /^(src|migrations|scripts|package(-lock)?\.json|tsconfig(\.build)?\.json|ormconfig\.ts|\.gitignore)$/;
/** What the project's .gitignore leaves out. */
const IGNORED = /^(node_modules|dist|\.data)(\/|$)/;
const STOP_LIMIT_MS = 10_000;

/** A clone as its user has it after `npm ci`: the packages are there, nothing is built, nothing ran. */
const tree = makeClone();
const filesBefore = listFiles();
const children = new Set<ChildProcess>();

afterAll(async () => {
  // Only where a test failed: all of them end what they start.
  for (const child of children) {
    killGroup(child, 'SIGTERM');
    await once(child, 'close');
  }
  rmSync(tree, { recursive: true, force: true });
});

describe('npm start, again and again in one clone', () => {
  let first = '';
  let second = '';

  it('builds, then says where it is and who may log in', async () => {
    const run = await started('npm', ['start']);
    first = passwordIn(run.stdout());
    expect(run.stdout()).toMatch(/^Ready: http:\/\/localhost:\d+$/m);
    expect(run.stdout()).toMatch(/^API explorer: http:\/\/localhost:\d+\/api\/docs$/m);
    expect(await logIn(run.url(), first)).toBe(200);
    await expectCleanEnd(run, () => killGroup(run.child, 'SIGINT'));
  }, 90_000);

  it('gives a lost administrator a new password by npm run admin:reset', async () => {
    const run = launched('npm', ['run', '--silent', 'admin:reset']);
    expect(await run.exited).toBe(0);
    expect(run.stdout()).toMatch(/^Administrator: admin, password \S+\n$/);
    second = passwordIn(run.stdout());
    expect(second).not.toBe(first);
  });

  it('starts again with what was there, and shows no password', async () => {
    const run = await started('npm', ['start']);
    expect(run.stdout()).not.toContain('password');
    expect(run.stderr()).not.toContain('Building');
    expect([await logIn(run.url(), second), await logIn(run.url(), first)]).toEqual([200, 401]);
    const other = launched(process.execPath, ['scripts/start.mjs']);
    expect(await other.exited).toBe(1);
    expect(other.stderr()).toMatch(/^[^\n]*DATA_DIR[^\n]*\n$/);
    await expectCleanEnd(run, () => run.child.kill('SIGTERM'));
  });

  it('ends in order at a SIGINT to npm alone', async () => {
    const run = await started('npm', ['start']);
    await expectCleanEnd(run, () => run.child.kill('SIGINT'));
  });

  it('ends in order at a SIGTERM to the whole process group', async () => {
    const run = await started('npm', ['start']);
    await expectCleanEnd(run, () => killGroup(run.child, 'SIGTERM'));
  });

  it('leaves every file of the clone as it was, and no other beside them', () => {
    expect(listFiles()).toEqual(filesBefore);
  });
});

describe('npm start where something is wrong', () => {
  const busy: Server = createServer();

  beforeAll(async () => {
    busy.listen(0, '127.0.0.1');
    await once(busy, 'listening');
  });

  afterAll(() => busy.close());

  it('names the port that is in use', async () => {
    const { port } = busy.address() as AddressInfo;
    const line = await refusal({ PORT: String(port) });
    expect(line).toBe(`Port ${port} is in use: set PORT to a free one, or end what uses it`);
  });

  it('names every bad setting at once, and never a value', async () => {
    const line = await refusal({ PORT: 'eighty', ROLE: 'boss', JWT_SECRET: 'tooshort' });
    expect(line).toMatch(
      /^Bad settings: (?=.*\bPORT must)(?=.*\bROLE must)(?=.*\bJWT_SECRET must)/,
    );
    expect(line).not.toMatch(/eighty|boss|tooshort/);
  });

  it('names the data folder that it can not make', async () => {
    const line = await refusal({ DATA_DIR: join(tree, 'package.json', 'data') });
    expect(line).toContain('DATA_DIR');
  });

  it('says that the database does not answer, without its password', async () => {
    const line = await refusal({
      DATABASE_URL: `postgresql://me:s3cret-word@127.0.0.1:${await freePort()}/nothing`,
    });
    expect(line).toContain('DATABASE_URL');
    expect(line).not.toContain('s3cret-word');
  });

  it('says what a worker apart needs', async () => {
    const line = await refusal({ ROLE: 'worker' });
    expect(line).toMatch(/ROLE=worker needs DATABASE_URL.*ROLE=worker needs REDIS_URL/);
  });

  it('wants a secret of its own in production', async () => {
    const line = await refusal({ NODE_ENV: 'production' });
    expect(line).toMatch(/^Bad settings: NODE_ENV=production needs JWT_SECRET/);
  });
});

interface Run {
  child: ChildProcess;
  /** The exit status, once all of its output is read; `null` after a signal. */
  exited: Promise<number | null>;
  stdout(): string;
  stderr(): string;
  url(): string;
}

function makeClone(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'goalsmith-clone-')));
  for (const name of readdirSync('.').filter((entry) => CLONED.test(entry))) {
    cpSync(name, join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(realpathSync('node_modules'), join(folder, 'node_modules'));
  return folder;
}

function launched(program: string, args: string[], settings: Record<string, string> = {}): Run {
  const { PATH, HOME } = process.env;
  const child = spawn(program, args, {
    cwd: tree,
    // Without Python: its toolchain would be made in the background, and is none of this suite's matters.
    env: { PATH, HOME, PORT: '0', PYTHON: '/nonexistent/python3', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exited = once(child, 'close').then(([status]) => {
    children.delete(child);
    return status as number | null;
  });
  return {
    child,
    exited,
    stdout: () => stdout,
    stderr: () => stderr,
    url: () => /^Ready: (\S+)$/m.exec(stdout)?.[1] ?? '',
  };
}

async function started(program: string, args: string[]): Promise<Run> {
  const run = launched(program, args);
  while (run.url() === '') {
    const more = once(run.child.stdout ?? run.child, 'data').then(() => true);
    if (!(await Promise.race([more, run.exited.then(() => false)]))) {
      throw new Error(`It ended before it was ready:\n${run.stdout()}${run.stderr()}`);
    }
  }
  return run;
}

async function expectCleanEnd(run: Run, signal: () => unknown): Promise<void> {
  const before = performance.now();
  signal();
  expect(await run.exited).toBe(0);
  expect(performance.now() - before).toBeLessThan(STOP_LIMIT_MS);
  expect(run.stderr()).not.toMatch(/^ +at /m);
  expect(processesOfTree()).toEqual([]);
}

/** @returns The one line on stderr that it refuses to start with. */
async function refusal(settings: Record<string, string>): Promise<string> {
  const run = launched(process.execPath, ['scripts/start.mjs'], settings);
  expect(await run.exited).toBe(1);
  expect(run.stderr()).toMatch(/^[^\n]+\n$/);
  expect(run.stdout()).not.toContain('Ready');
  expect(processesOfTree()).toEqual([]);
  return run.stderr().trim();
}

async function logIn(url: string, password: string): Promise<number> {
  const answer = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  return answer.status;
}

function passwordIn(output: string): string {
  const lines = output.match(/^Administrator: admin, password \S+/gm) ?? [];
  expect(lines).toHaveLength(1);
  return lines[0]?.split(' ').at(-1) ?? '';
}

/** Whatever names the clone or works in it: servers, databases, helpers. */
function processesOfTree(): string[] {
  if (!existsSync('/proc/self/cmdline')) {
    return [];
  }
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const isOurs = [command, readlinkSync(`/proc/${pid}/cwd`)].some((text) =>
          text.includes(tree),
        );
        return isOurs ? [`${pid} ${command}`] : [];
      } catch {
        // It has ended meanwhile, or belongs to somebody else.
        return [];
      }
    });
}

/** With size and time of change, so that a rewritten one shows, too. */
function listFiles(): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !IGNORED.test(relative(tree, path)))
    .map((path) => `${relative(tree, path)} ${statSync(path).size} ${statSync(path).mtimeMs}`)
    .sort();
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) {
    process.kill(-pid, signal);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
