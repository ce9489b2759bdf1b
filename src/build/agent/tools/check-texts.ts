import type { CheckOutcome } from '../../verify/check.js';
import { TIMEOUT_TEXT } from '../../verify/verifier.js';
import { cutText, storableText } from '../storable.js';

const MAX_REPORT = 8_000;
const MAX_OUTPUT = 4_000;

/** The reports as a model reads them; the same checks on the same files give the same text. */
export function describeOutcomes(outcomes: readonly CheckOutcome[]): string {
  return outcomes
    .map((outcome) =>
      outcome.passed ? `${outcome.name}: passed` : `${outcome.name}: FAILED\n${detailsOf(outcome)}`,
    )
    .join('\n\n');
}

/** One line for `error`; the reports tell the rest. */
export function problemOf(outcomes: readonly CheckOutcome[]): string {
  if (outcomes.some((outcome) => outcome.stopped === 'timeout')) {
    return TIMEOUT_TEXT;
  }
  const failed = outcomes.filter((outcome) => !outcome.passed).map((outcome) => outcome.name);
  return `The generated code did not pass its checks: ${failed.join(', ')}`;
}

function detailsOf({ name, report, output }: CheckOutcome): string {
  const { uncovered: _, ...findings } = report;
  const text = cutText(JSON.stringify(findings, null, 1), MAX_REPORT);
  // Where the report says what is wrong, the raw output only repeats it.
  const isEnough = report['problem'] === undefined && name !== 'smoke';
  return storableText(isEnough ? text : `${text}\noutput:\n${lastPart(output)}`);
}

/** Tools say the cause last. */
function lastPart(output: string): string {
  return output.length <= MAX_OUTPUT
    ? output
    : `[cut: the last ${MAX_OUTPUT} of ${output.length} characters]\n${output.slice(-MAX_OUTPUT)}`;
}
