import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CappedOutput } from './capped-output.js';
import { inheritedDescriptors } from '../linux/inherited-descriptors.js';
import type { ReportPipe } from './report-pipe.js';
import type { SandboxLimits, SandboxResult, SandboxStop } from '../sandbox.js';
import { watchUsage, type Usage } from './watchdog.js';

/** One command line under supervision; what differs between the adapters. */
export interface Supervised {
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  limits: SandboxLimits;
  stdin: Readable | null;
  report: ReportPipe;
  onReport: ((piece: Buffer) => void) | undefined;
  /** Sent to file descriptors 5, 6, …; each is closed after its content. */
  inputs: Buffer[];
  /** Whether the descriptor after the inputs carries bubblewrap's `--info-fd`. */
  hasInfo: boolean;
  /** `initPid` is process 1 of the namespace, from that info. */
  measure: (pid: number, initPid: number | null) => Usage | null;
  everyMs: number;
}

/**
 * Runs one command in a process group of its own until it ends, passes a limit or is aborted; then kills what is left.
 *
 * Resolves on the exit plus at most 300 ms for its output, since a survivor may hold the pipes for ever.
 * @throws when it can't be started or watched.
 */
export async function supervise(spec: Supervised, signal: AbortSignal): Promise<SandboxResult> {
  const started = performance.now();
  const child = start(spec);
  const exit = exitOf(child);
  const run = { stopped: null as SandboxStop | null, blind: null as Error | null };
  let initPid: number | null = null;
  const [stdout, stderr, report] = [
    new CappedOutput(spec.limits.outputBytes),
    new CappedOutput(spec.limits.outputBytes),
    new CappedOutput(spec.limits.reportBytes),
  ];
  if (spec.onReport) {
    spec.report.reader.on('data', spec.onReport);
  }
  const drained = Promise.all([
    child.stdout && stdout.readFrom(child.stdout),
    child.stderr && stderr.readFrom(child.stderr),
    report.readFrom(spec.report.reader),
  ]);
  feed(child, spec);
  if (spec.hasInfo) {
    onInfo(child, 5 + spec.inputs.length, (pid) => {
      initPid = pid;
    });
  }

  const stop = (reason: SandboxStop): void => {
    run.stopped ??= reason;
    kill(child, initPid);
  };
  const onAbort = (): void => stop('aborted');
  const timer = setTimeout(() => stop('timeout'), spec.limits.timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  const stopWatching = watchUsage(
    () => (child.pid === undefined ? null : spec.measure(child.pid, initPid)),
    spec.limits,
    spec.everyMs,
    stop,
    (error) => {
      run.blind = new Error("the sandbox's watchdog can't see its command", { cause: error });
      kill(child, initPid);
    },
  );
  if (signal.aborted) {
    onAbort();
  }
  try {
    const [exitCode, exitSignal] = await exit;
    killGroup(child);
    await Promise.race([drained, delay(DRAIN_MS, undefined, { ref: false })]);
    if (run.blind) {
      throw run.blind;
    }
    return {
      exitCode: run.stopped ? null : exitCode,
      signal: run.stopped ? 'SIGKILL' : exitSignal,
      stopped: run.stopped,
      stdout: stdout.toBuffer(),
      stderr: stderr.toBuffer(),
      report: report.toBuffer(),
      outputTruncated: stdout.truncated || stderr.truncated,
      reportTruncated: report.truncated,
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    clearTimeout(timer);
    stopWatching();
    signal.removeEventListener('abort', onAbort);
    child.stdio.forEach((stream) => stream?.destroy());
  }
}

/** The result of a command that was never started. */
export function endedBefore(stopped: SandboxStop): SandboxResult {
  return {
    exitCode: null,
    signal: null,
    stopped,
    stdout: Buffer.alloc(0),
    stderr: Buffer.alloc(0),
    report: Buffer.alloc(0),
    outputTruncated: false,
    reportTruncated: false,
    durationMs: 0,
  };
}

const DRAIN_MS = 300;

function start(spec: Supervised): ChildProcess {
  const [program = '', ...args] = spec.argv;
  const nothing = openSync('/dev/null', 'r+');
  const stdio: ('pipe' | 'ignore' | number)[] = [
    spec.stdin ? 'pipe' : nothing,
    ...(['pipe', 'pipe', nothing, spec.report.writeFd] as const),
    ...spec.inputs.map(() => 'pipe' as const),
    ...(spec.hasInfo ? (['pipe'] as const) : []),
  ];
  // Covered one by one: from 3 on, Node's 'ignore' leaves a descriptor as it is.
  for (const fd of inheritedDescriptors()) {
    while (stdio.length <= fd) {
      stdio.push('ignore');
    }
    if (stdio[fd] === 'ignore') {
      stdio[fd] = nothing;
    }
  }
  try {
    return spawn(program, args, { cwd: spec.cwd, env: spec.env, detached: true, stdio });
  } finally {
    closeSync(nothing);
    closeSync(spec.report.writeFd);
  }
}

function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve([code, signal]));
    child.once('error', reject);
  });
}

function feed(child: ChildProcess, spec: Supervised): void {
  // A command that ends early leaves its inputs unread (EPIPE): its exit tells, not this.
  if (spec.stdin && child.stdin) {
    child.stdin.on('error', () => undefined);
    spec.stdin.pipe(child.stdin);
  }
  spec.inputs.forEach((content, index) => {
    const stream = child.stdio[5 + index];
    if (stream && 'write' in stream) {
      stream.on('error', () => undefined);
      stream.end(content);
    }
  });
}

function onInfo(child: ChildProcess, fd: number, take: (initPid: number) => void): void {
  const stream = child.stdio[fd];
  if (stream && 'read' in stream) {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const pid = /"child-pid": (\d+)/.exec(text)?.[1];
      if (pid !== undefined) {
        take(Number(pid));
      }
    });
  }
}

/**
 * Process 1 of the namespace goes first: its parent, bubblewrap, exits only after the kernel has ended every process
 * in there, so that its exit is the proof. The group follows in case that takes long.
 */
function kill(child: ChildProcess, initPid: number | null): void {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  if (initPid === null) {
    killGroup(child);
    return;
  }
  sendKill(initPid);
  setTimeout(() => killGroup(child), DRAIN_MS).unref();
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) {
    sendKill(-child.pid);
  }
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone, which is what was asked for.
  }
}
