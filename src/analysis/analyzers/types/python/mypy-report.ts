import { z } from 'zod';
import type { Finding } from '../../../findings/finding.js';
import { pathInside } from '../../rules/report-text.js';
import { typeFinding } from '../type-report.js';

const message = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  end_line: z.number().nullish(),
  message: z.string(),
  hint: z.string().nullish(),
  code: z.string().nullable(),
  severity: z.string(),
});

/** By mypy's error code; for all others its hint, or its own words. */
const MYPY_ADVICE: Record<string, string> = {
  'arg-type': 'Pass arguments of the declared types',
  assignment: 'Assign only what the declared type of the variable allows',
  'attr-defined': 'Use only attributes that the type has',
  'call-arg': 'Call with the arguments that the function takes',
  index: 'Index only what can be indexed, by keys of its type',
  'name-defined': 'Define or import the names that are used without being defined',
  operator: 'Combine only values whose types support the operator',
  override: 'Keep overriding methods compatible with what they override',
  'return-value': 'Return the type that the function declares',
  'union-attr': 'Handle None and every other member of the union before using it',
};

/** A function of a missing package may end the process, which only its types would tell. */
const FOLLOWS_FROM_MISSING = /^Implicit return in function which does not return/;

/** One line of `mypy --output json`. @returns `null`: a note, or not sure. @throws where it is no such line */
export function readMypyLine(line: string): Finding | null {
  const found = message.parse(JSON.parse(line));
  if (found.severity !== 'error' || FOLLOWS_FROM_MISSING.test(found.message)) {
    return null;
  }
  const first = Math.max(1, found.line);
  const code = found.code ?? 'misc';
  return typeFinding({
    rule_id: code,
    engine: 'mypy',
    message: found.message,
    confidence: 'high',
    file: pathInside(found.file),
    line: first,
    // Counted from 0 in this format alone.
    column: Math.max(0, found.column) + 1,
    end_line: Math.max(first, found.end_line ?? first),
    recommendation: MYPY_ADVICE[code] ?? (found.hint || found.message),
  });
}
