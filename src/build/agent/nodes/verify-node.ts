import type { CheckResult } from '../../build-results.js';
import { writeLog } from '../../build-logs.js';
import type { CheckOutcome } from '../../verify/check.js';
import type { BuildRun } from './build-run.js';
import { planOf, type BuildStateValue } from '../build-state.js';
import type { CheckRunner } from '../check-runner.js';
import { conflictProblem } from '../merge-report.js';
import { describeOutcomes, problemOf } from '../tools/check-texts.js';
import { verifyingRange } from './progress-ranges.js';
import { storable } from '../storable.js';

/** Runs every check on the stored snapshot: what is verified is what is downloaded. */
export function verifyNode(run: BuildRun, checkRunner: CheckRunner) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    const { build, context, session, snapshots } = run;
    const { from, to } = verifyingRange(session.editor, state.repairs ?? 0);
    const files = await snapshots.read(snapshotOf(state));
    let ended = 0;
    const verification = await checkRunner.run(planOf(state).spec, files, {
      trust: state.trust ?? 'untrusted',
      signal: context.signal,
      onWait: (text) => context.progress(from, text),
      onStart: (checks) =>
        context.progress(from, 'Running checks', { checks: checks.map((check) => check.name) }),
      onEnd: async (outcome, count) => {
        ended += 1;
        await context.underLease((tx) => writeLog(tx, build.id, outcome));
        await context.progress(
          from + ((to - from) * ended) / count,
          outcome.passed ? `Passed: ${outcome.name}` : `Failed: ${outcome.name}`,
          { check: outcome.name, passed: outcome.passed, duration_ms: outcome.durationMs },
        );
      },
    });
    const isLastTry = session.editor !== null && (state.repairs ?? 0) >= session.editor.maxRepairs;
    // A model is told of them, and what it made of them is what the checks look at.
    const conflicts = session.editor ? null : conflictProblem(state.conflicts ?? []);
    return {
      checks: verification.checks.map(toResult),
      ...(verification.passed
        ? { problem: conflicts, failures: null }
        : {
            problem: [conflicts, problemOf(verification.checks)].filter(Boolean).join('. '),
            failures: session.editor && describeOutcomes(verification.checks),
            ...(isLastTry && { stopReason: 'max_attempts' as const }),
          }),
    };
  };
}

function snapshotOf({ snapshotId }: BuildStateValue): string {
  if (snapshotId === undefined) {
    throw new Error('There is nothing to verify');
  }
  return snapshotId;
}

function toResult(outcome: CheckOutcome): CheckResult {
  return {
    name: outcome.name,
    command: outcome.command,
    passed: outcome.passed,
    exit_status: outcome.exitCode,
    duration_ms: outcome.durationMs,
    // A test chooses its own messages, and the database doesn't take every character.
    report: storable(outcome.report),
  };
}
