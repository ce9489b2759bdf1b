import type { SandboxStatus } from '../../infra/sandbox/sandbox.js';
import type { SnapshotStore } from '../../projects/snapshot-store.js';
import type { TaskContext } from '../../tasks/task-processor.js';
import type { BuildResults, CheckResult } from '../build-results.js';
import type { BuildStateValue } from './build-state.js';
import type { CodeModel } from './code-model.js';

/** Puts the results together, from the reports alone. */
export function packageNode(
  context: TaskContext,
  model: CodeModel,
  snapshots: SnapshotStore,
  sandbox: SandboxStatus,
) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    await context.progress(98, 'Packaging');
    const files = await snapshots.list(state.snapshotId);
    const results: BuildResults = {
      generated_files: files.map((file) => file.path),
      tests_passed: numberIn(state.checks, 'tests', 'tests_passed'),
      tests_failed: numberIn(state.checks, 'tests', 'tests_failed'),
      test_coverage: numberIn(state.checks, 'tests', 'test_coverage'),
      type_errors: numberIn(state.checks, 'types', 'type_errors'),
      lint_errors: lintErrors(state.checks),
      checks: state.checks,
      engine: model.engine,
      notes: state.spec.notes,
      specification: state.spec,
      snapshot: state.snapshotId,
      isolated: sandbox.isolated,
    };
    return { results };
  };
}

/** A file in the wrong format is a lint error: both are findings of the linter. */
function lintErrors(checks: CheckResult[]): number | null {
  const findings = numberIn(checks, 'lint', 'lint_errors');
  const unformatted = numberIn(checks, 'format', 'unformatted_files');
  return findings === null || unformatted === null ? null : findings + unformatted;
}

function numberIn(checks: CheckResult[], name: string, field: string): number | null {
  const value = checks.find((check) => check.name === name)?.report[field];
  return typeof value === 'number' ? value : null;
}
