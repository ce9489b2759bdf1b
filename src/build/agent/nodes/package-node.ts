import type { LlmConfig } from '../../../config/app-config.js';
import type { SandboxStatus } from '../../../infra/sandbox/sandbox.js';
import type { BuildResults, BuildUsage, CheckResult, MergeConflict } from '../../build-results.js';
import type { BuildRun } from './build-run.js';
import type { BuildStateValue } from '../build-state.js';
import { costOf } from '../chat/budget.js';
import type { Usage } from '../usage.js';

/** Puts the results together, from the reports alone. */
export function packageNode(
  { context, session, snapshots }: BuildRun,
  about: { engine: string; sandbox: SandboxStatus; prices: LlmConfig['prices'] },
) {
  return async (state: BuildStateValue): Promise<Partial<BuildStateValue>> => {
    await context.progress(98, 'Packaging');
    const { plan, checks = [], snapshotId = null, usage, conflicts = [] } = state;
    const files = snapshotId === null ? [] : await snapshots.list(snapshotId);
    const results: BuildResults = {
      generated_files: files.map((file) => file.path),
      tests_passed: numberIn(checks, 'tests', 'tests_passed'),
      tests_failed: numberIn(checks, 'tests', 'tests_failed'),
      test_coverage: numberIn(checks, 'tests', 'test_coverage'),
      type_errors: numberIn(checks, 'types', 'type_errors'),
      lint_errors: lintErrors(checks),
      checks,
      engine: about.engine,
      notes: [
        ...(plan?.spec.notes ?? []),
        ...(session.editor && !state.problem ? conflicts.map(settled) : []),
      ],
      specification: plan?.spec ?? null,
      tasks: plan?.tasks ?? [],
      snapshot: snapshotId,
      conflicts,
      isolated: about.sandbox.isolated,
      stop_reason: state.stopReason ?? null,
      repairs: state.repairs ?? 0,
      usage: usage ? toWire(usage, about.prices) : null,
    };
    return { results };
  };
}

function settled({ path }: MergeConflict): string {
  return `Could not be merged with the project's own changes, and was settled by the model: ${path}`;
}

function toWire(usage: Usage, prices: LlmConfig['prices']): BuildUsage {
  return {
    calls: usage.calls,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_tokens: usage.cachedTokens,
    cost_usd: costOf(usage, prices),
    estimated: usage.isEstimated,
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
