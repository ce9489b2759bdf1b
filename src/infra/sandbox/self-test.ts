import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeSandboxFolder } from './run/sandbox-folder.js';
import type { Sandbox, SandboxCommand, SandboxResult } from './sandbox.js';

export interface SelfTestResult {
  passed: boolean;
  /** One line for each attack that succeeded, or why nothing could be started. */
  failures: string[];
}

/** Runs the attacks that matter through a real sandbox; one that succeeds means "no sandbox". Takes about half a second. */
export async function selfTest(sandbox: Sandbox): Promise<SelfTestResult> {
  const started = await attempt(sandbox, { argv: ['true'] });
  if (started.exitCode !== 0) {
    return { passed: false, failures: [`nothing can be started in it: ${lastLineOf(started)}`] };
  }
  const failures = await Promise.all([
    ...[spying, forking, fillingDisk, makingFiles, outliving].map((attack) => attack(sandbox)),
  ]);
  return { passed: failures.flat().length === 0, failures: failures.flat() };
}

/** Runs with the host's own Node: answers with the name of each attack that succeeded, one a line. */
const SPY = `
const fs = require('node:fs'), net = require('node:net');
const [port, secret] = process.argv.slice(1);
const won = [];
const attack = (name, run) => { try { if (run() !== false) won.push(name) } catch {} };
attack('read a host file', () => fs.readFileSync(secret));
attack('read /etc/shadow', () => fs.readFileSync('/etc/shadow'));
attack('opened core_pattern for writing', () => fs.openSync('/proc/sys/kernel/core_pattern', 'r+'));
attack("opened process 1's memory", () => fs.openSync('/proc/1/mem', 'r'));
attack('ran without a seccomp filter', () => !/^Seccomp:\\s+2$/m.test(fs.readFileSync('/proc/self/status', 'utf8')));
for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
  attack("read another process's environment", () => {
    const names = fs.readFileSync('/proc/' + pid + '/environ', 'utf8').split('\\0').map((entry) => entry.split('=')[0]);
    return names.some((name) => name && !['PATH', 'HOME', 'TMPDIR', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name));
  });
}
const finish = () => { fs.writeSync(4, won.join('\\n') + '\\ndone'); process.exit(0) };
net.connect(Number(port), '127.0.0.1').on('error', finish).on('connect', () => { won.push("reached the host's loopback"); finish() });
`;

async function spying(sandbox: Sandbox): Promise<string[]> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await makeSandboxFolder();
  try {
    const secret = join(folder, randomUUID());
    await writeFile(secret, 'secret', { mode: 0o644 });
    const result = await attempt(sandbox, {
      argv: [NODE, '-e', SPY, String((server.address() as AddressInfo).port), secret],
      mounts: [{ host: process.execPath, inside: NODE }],
    });
    const lines = result.report.toString().split('\n').filter(Boolean);
    return lines.pop() === 'done' ? lines : [`Node doesn't run in it: ${lastLineOf(result)}`];
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function forking(sandbox: Sandbox): Promise<string[]> {
  const script = 'i=0; while [ $i -lt 64 ]; do sleep 5 & i=$((i+1)); printf x >&4; done';
  const result = await attempt(sandbox, {
    argv: ['sh', '-c', script],
    limits: { processes: 16 },
  });
  return result.report.length >= 16 ? ['started more processes than allowed'] : [];
}

async function fillingDisk(sandbox: Sandbox): Promise<string[]> {
  const script =
    'for f in /tmp/x /workspace/x; do head -c 16777216 /dev/zero >$f && printf x >&4; done';
  const result = await attempt(sandbox, {
    argv: ['sh', '-c', script],
    limits: { diskBytes: 8 * 1024 * 1024 },
  });
  return result.report.length > 0 ? ['wrote more bytes than allowed'] : [];
}

async function makingFiles(sandbox: Sandbox): Promise<string[]> {
  const script = 'i=0; while :; do : >f$i; i=$((i+1)); done';
  const result = await attempt(sandbox, { argv: ['sh', '-c', script], limits: { inodes: 500 } });
  return result.stopped === 'inodes' ? [] : ['made more files than allowed'];
}

async function outliving(sandbox: Sandbox): Promise<string[]> {
  const seconds = String(randomInt(1_000_000, 9_000_000));
  await attempt(sandbox, {
    argv: ['sh', '-c', `(setsid sleep ${seconds} &) >/dev/null 2>&1 4>&1`],
  });
  return isRunning(`sleep\0${seconds}\0`) ? ['left a process behind'] : [];
}

const NODE = '/selftest/node';

function attempt(
  sandbox: Sandbox,
  command: Pick<SandboxCommand, 'argv' | 'limits' | 'mounts'>,
): Promise<SandboxResult> {
  const limits = { timeoutMs: 10_000, ...command.limits };
  const never = new AbortController().signal;
  return sandbox.run({ ...command, limits, files: new Map(), trust: 'untrusted' }, never);
}

function isRunning(commandLine: string): boolean {
  return readdirSync('/proc').some((entry) => {
    try {
      return readFileSync(`/proc/${Number(entry)}/cmdline`, 'latin1') === commandLine;
    } catch {
      // No process, or gone since.
      return false;
    }
  });
}

function lastLineOf(result: SandboxResult): string {
  const lines = result.stderr.toString().trim().split('\n');
  return lines.at(-1) || `exit code ${result.exitCode}, ${result.stopped ?? result.signal}`;
}
