import type { SnapshotStore } from '../../projects/snapshot-store.js';
import type { TaskContext } from '../../tasks/task-processor.js';
import type { Build } from '../build.entity.js';
import type { CheckResult } from '../build-results.js';
import { writeLogs } from '../build-logs.js';
import type { CheckOutcome } from '../verify/check.js';
import { pythonChecks } from '../verify/python-checks.js';
import type { PythonToolchain } from '../../toolchains/python-toolchain.js';
import { TIMEOUT_TEXT, type Verifier } from '../verify/verifier.js';
import type { BuildStateValue } from './build-state.js';
import type { CodeModel } from './code-model.js';

/** Progress of the whole build while its checks run. */
const FROM = 30;
const TO = 95;

/** Runs every check on the stored snapshot: what is verified is what is downloaded. */
export function verifyNode(
  build: Build,
  context: TaskContext,
  model: CodeModel,
  snapshots: SnapshotStore,
  toolchain: PythonToolchain,
  verifier: Verifier,
) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    if (toolchain.status.status !== 'ready') {
      await context.progress(FROM, 'Preparing the Python toolchain (once, about a minute)');
    }
    const tools = await orAborted(toolchain.ready(), context.signal);
    const files = await snapshots.read(state.snapshotId);
    const plan = await pythonChecks(state.spec, tools);
    await context.progress(FROM, 'Running checks', {
      checks: plan.checks.map((check) => check.name),
    });
    let ended = 0;
    const verification = await verifier.verify(
      plan.checks,
      { files, mounts: plan.mounts, trust: model.trust },
      context.signal,
      async (outcome) => {
        ended += 1;
        await context.progress(
          FROM + ((TO - FROM) * ended) / plan.checks.length,
          outcome.passed ? `Passed: ${outcome.name}` : `Failed: ${outcome.name}`,
          { check: outcome.name, passed: outcome.passed, duration_ms: outcome.durationMs },
        );
      },
    );
    await context.underLease((tx) => writeLogs(tx, build.id, verification.checks));
    return {
      checks: verification.checks.map(toResult),
      problem: verification.passed ? undefined : problemOf(verification.checks),
    };
  };
}

function toResult(outcome: CheckOutcome): CheckResult {
  return {
    name: outcome.name,
    command: outcome.command,
    passed: outcome.passed,
    exit_status: outcome.exitCode,
    duration_ms: outcome.durationMs,
    report: outcome.report,
  };
}

/** One line for `error`; the reports tell the rest. */
function problemOf(checks: CheckOutcome[]): string {
  if (checks.some((check) => check.stopped === 'timeout')) {
    return TIMEOUT_TEXT;
  }
  const failed = checks.filter((check) => !check.passed).map((check) => check.name);
  return `The generated code did not pass its checks: ${failed.join(', ')}`;
}

/** Preparing a toolchain is shared by all builds and goes on when this one is cancelled. */
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
