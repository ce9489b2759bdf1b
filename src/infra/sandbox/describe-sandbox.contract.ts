import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox, SandboxCommand, SandboxResult } from './sandbox.js';
import { DEFAULT_ENV, DEFAULT_LIMITS } from './sandbox-limits.js';

const MIB = 1024 * 1024;

/** Where `runIn` mounts the Node that runs the tests. */
export const NODE = '/tools/node';

/** Runs a command with defaults that suit a test. */
export function runIn(
  sandbox: Sandbox,
  argv: string[],
  command: Partial<SandboxCommand> = {},
  signal = new AbortController().signal,
): Promise<SandboxResult> {
  const mounts = [{ host: process.execPath, inside: NODE }, ...(command.mounts ?? [])];
  return sandbox.run({ files: new Map(), trust: 'blueprint', ...command, argv, mounts }, signal);
}

/** The numbers of the host's processes that run exactly this. */
export function hostProcesses(...argv: string[]): number[] {
  const wanted = `${argv.join('\0')}\0`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === wanted;
      } catch {
        return false;
      }
    });
}

/** What every Sandbox adapter holds, isolated or not. */
export function describeSandbox(name: string, create: () => Sandbox): void {
  describe(name, () => {
    let sandbox: Sandbox;

    beforeAll(() => {
      sandbox = create();
    });

    it.each([0, 1, 7, 126])('passes on exit code %i', async (code) => {
      const result = await runIn(sandbox, ['sh', '-c', `exit ${code}`]);
      expect(result).toMatchObject({ exitCode: code, signal: null, stopped: null });
    });

    it('answers 127 for a program that does not exist', async () => {
      expect(await runIn(sandbox, ['no-such-program'])).toMatchObject({
        exitCode: 127,
        stopped: null,
      });
    });

    it('names the signal that ended the command', async () => {
      const result = await runIn(sandbox, ['sh', '-c', 'kill -SEGV $$']);
      expect(result).toMatchObject({ exitCode: null, signal: 'SIGSEGV', stopped: null });
    });

    it('gives exactly the environment it was given', async () => {
      const result = await runIn(sandbox, ['env'], { env: { GREETING: 'hello $world' } });
      const lines = result.stdout.toString().trim().split('\n').sort();
      const expected = { ...DEFAULT_ENV, GREETING: 'hello $world' };
      expect(lines.map((line) => line.split('=')[0])).toEqual(Object.keys(expected).sort());
      expect(lines).toContain('GREETING=hello $world');
    });

    it('never puts arguments through a shell', async () => {
      const result = await runIn(sandbox, ['printf', '%s|', '$HOME', '; id', '*', '']);
      expect(result.stdout.toString()).toBe('$HOME|; id|*||');
    });

    it('has the files in the workspace, which is where the command starts', async () => {
      const files = new Map([
        ['a.txt', Buffer.from('one')],
        ['deep/er/ü b.txt', Buffer.from('two')],
        ['empty', Buffer.alloc(0)],
        ['big.bin', Buffer.alloc(3 * MIB, 'x')],
      ]);
      const script = 'cat a.txt "deep/er/ü b.txt" empty; wc -c <big.bin; cat /workspace/a.txt';
      const result = await runIn(sandbox, ['sh', '-c', script], { files });
      expect(result.stdout.toString()).toBe(`onetwo${3 * MIB}\none`);
      expect(result.stderr.toString()).toBe('');
    });

    it.each(['../x', '/x', 'a/../../x', 'a//b', './x', '', 'a\0b'])(
      'refuses the path %j',
      async (path) => {
        const files = new Map([[path, Buffer.alloc(0)]]);
        await expect(runIn(sandbox, ['true'], { files })).rejects.toThrow(RangeError);
      },
    );

    it('has nothing on standard input', async () => {
      expect(await runIn(sandbox, ['cat'])).toMatchObject({ exitCode: 0, stdout: Buffer.alloc(0) });
    });

    it('carries the report, by descriptor and by path, apart from the output', async () => {
      const result = await runIn(sandbox, ['sh', '-c', 'echo a >&4; echo b >/dev/fd/4; echo c']);
      expect(result.report.toString()).toBe('a\nb\n');
      expect(result.stdout.toString()).toBe('c\n');
    });

    it('hands on the report while the command runs', async () => {
      const abort = new AbortController();
      const pieces: string[] = [];
      const onReport = (piece: Buffer) => {
        pieces.push(piece.toString());
        abort.abort();
      };
      const command = { argv: ['sh', '-c', 'echo first >&4; sleep 60'], files: new Map() };
      const result = await sandbox.run({ ...command, onReport, trust: 'blueprint' }, abort.signal);
      expect(result.stopped).toBe('aborted');
      expect(pieces.join('')).toBe('first\n');
    });

    it('cuts a report that is too long, and says so', async () => {
      const script = `head -c ${DEFAULT_LIMITS.reportBytes + MIB} /dev/zero >&4`;
      const result = await runIn(sandbox, ['sh', '-c', script]);
      expect(result).toMatchObject({ exitCode: 0, reportTruncated: true, outputTruncated: false });
      expect(result.report).toHaveLength(DEFAULT_LIMITS.reportBytes);
    });

    it('cuts output that is too long, and says so', async () => {
      const script = 'head -c 300000 /dev/zero; echo short >&2';
      const limits = { outputBytes: 100_000 };
      const result = await runIn(sandbox, ['sh', '-c', script], { limits });
      expect(result).toMatchObject({ exitCode: 0, outputTruncated: true, reportTruncated: false });
      expect(result.stdout).toHaveLength(100_000);
      expect(result.stderr.toString()).toBe('short\n');
    });

    it('shows mounts at their path, also below a folder that only the server may enter', async () => {
      const parent = await mkdtemp(join(tmpdir(), 'contract-'));
      try {
        const host = join(parent, 'tool');
        await mkdir(host);
        await writeFile(join(host, 'name'), 'tool');
        await chmod(parent, 0o700);
        const script = 'cat /opt/tool/name "$TOOL/name" /workspace/lib/name';
        const result = await runIn(sandbox, ['sh', '-c', script], {
          env: { TOOL: '/opt/tool' },
          mounts: [
            { host, inside: '/opt/tool' },
            { host, inside: '/workspace/lib' },
          ],
        });
        expect(result.stdout.toString()).toBe('tooltooltool');
      } finally {
        await rm(parent, { recursive: true });
      }
    });

    it('runs Node, with threads and a server of its own on the loopback', async () => {
      const script = `
        const server = require('node:http').createServer((_, answer) => answer.end('pong'));
        server.listen(0, 'localhost', async () => {
          const answer = await fetch('http://localhost:' + server.address().port);
          console.log(await answer.text());
          new (require('node:worker_threads').Worker)('console.log("thread")', { eval: true })
            .on('exit', () => process.exit());
        });`;
      const result = await runIn(sandbox, [NODE, '-e', script]);
      expect(result.stdout.toString()).toBe('pong\nthread\n');
    });

    it('begins every run with a clear workspace', async () => {
      await runIn(sandbox, ['sh', '-c', 'touch /workspace/left /tmp/left']);
      const result = await runIn(sandbox, ['sh', '-c', 'ls -A /workspace; ls -A /tmp']);
      expect(result.stdout.toString()).toBe('');
    });

    it('leaves nothing in the temporary folder of the host', async () => {
      // Other processes have theirs there at the same time.
      const own = () =>
        readdirSync(tmpdir()).filter(
          (entry) => entry.startsWith('sandbox-') && entry.split('-')[2] === String(process.pid),
        );
      await runIn(sandbox, ['sh', '-c', 'mkdir -p a/b; touch a/b/c; chmod 500 a a/b']);
      expect(own()).toEqual([]);
    });

    it('ends a command at its time limit', async () => {
      const result = await runIn(sandbox, ['sleep', '60'], { limits: { timeoutMs: 300 } });
      expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', stopped: 'timeout' });
      expect(result.durationMs).toBeLessThan(2_300);
    });

    it('ends a command at its processor time limit', async () => {
      const limits = { cpuSeconds: 1, timeoutMs: 20_000 };
      const result = await runIn(sandbox, ['sh', '-c', 'while :; do :; done'], { limits });
      expect(result).toMatchObject({ exitCode: null, stopped: 'timeout' });
    });

    it('ends a command within 2 s of the abort, with all it started', async () => {
      const seconds = uniqueSeconds();
      const abort = new AbortController();
      const script = `sleep ${seconds} & trap "" TERM INT HUP; sleep ${seconds}`;
      const running = runIn(sandbox, ['sh', '-c', script], {}, abort.signal);
      await until(() => hostProcesses('sleep', seconds).length === 2);
      const aborted = performance.now();
      abort.abort();
      expect(await running).toMatchObject({ exitCode: null, stopped: 'aborted' });
      expect(performance.now() - aborted).toBeLessThan(2_000);
      expect(hostProcesses('sleep', seconds)).toEqual([]);
    });

    it('does not start a command that is aborted already', async () => {
      const result = await runIn(sandbox, ['echo', 'x'], {}, AbortSignal.abort());
      expect(result).toMatchObject({ exitCode: null, stopped: 'aborted', stdout: Buffer.alloc(0) });
    });

    it('leaves no daemon behind, also one that holds the output open', async () => {
      const seconds = uniqueSeconds();
      const script = `setsid sleep ${seconds} & (setsid sleep ${seconds} &) ; echo end`;
      const result = await runIn(sandbox, ['sh', '-c', script]);
      expect(result).toMatchObject({ exitCode: 0, stopped: null });
      expect(result.stdout.toString()).toBe('end\n');
      expect(result.durationMs).toBeLessThan(5_000);
      expect(hostProcesses('sleep', seconds)).toEqual([]);
    });

    it('ends a command whose processes together pass the memory limit', async () => {
      const child = 'Buffer.alloc(60 * 2 ** 20, 1); setTimeout(() => {}, 60000)';
      const script = `for i in 1 2 3 4; do ${NODE} -e '${child}' & done; wait`;
      const limits = { memoryBytes: 256 * MIB, timeoutMs: 20_000 };
      const result = await runIn(sandbox, ['sh', '-c', script], { limits });
      expect(result).toMatchObject({ exitCode: null, stopped: 'memory' });
    });

    it('ends a command that fills the disk', async () => {
      const script =
        'n=0; while :; do head -c 1000000 /dev/zero >>x$n; n=$((n+1)); done 2>/dev/null';
      const limits = { diskBytes: 16 * MIB, timeoutMs: 20_000 };
      const result = await runIn(sandbox, ['sh', '-c', script], { limits });
      expect(result).toMatchObject({ exitCode: null, stopped: 'disk' });
    });

    it('ends a command that makes too many files', async () => {
      const script = 'i=0; while :; do : >f$i; i=$((i+1)); done';
      const limits = { inodes: 500, timeoutMs: 20_000 };
      const result = await runIn(sandbox, ['sh', '-c', script], { limits });
      expect(result).toMatchObject({ exitCode: null, stopped: 'inodes' });
    });

    it.each([
      ['disk', { diskBytes: MIB }],
      ['inodes', { inodes: 2 }],
    ] as const)('does not start with files that pass the limit on %s', async (stopped, limits) => {
      const files = new Map([['a/b/c', Buffer.alloc(2 * MIB)]]);
      const result = await runIn(sandbox, ['echo', 'x'], { files, limits });
      expect(result).toMatchObject({ exitCode: null, stopped, stdout: Buffer.alloc(0) });
    });

    it('runs commands side by side without mixing them', async () => {
      const words = Array.from({ length: 8 }, (_, index) => `word ${index}`);
      const results = await Promise.all(
        words.map((word) =>
          runIn(sandbox, ['sh', '-c', 'cat word; ls >&4'], {
            files: new Map([['word', Buffer.from(word)]]),
          }),
        ),
      );
      expect(results.map(({ stdout }) => stdout.toString())).toEqual(words);
      expect(results.map(({ report }) => report.toString())).toEqual(words.map(() => 'word\n'));
    });
  });
}

/** A `sleep` argument that no other process of the machine has. */
export function uniqueSeconds(): string {
  return String(1_000_000 + Math.floor(Math.random() * 8_000_000));
}

/** Waits until the condition holds; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
