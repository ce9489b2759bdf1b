import { z } from 'zod';
import type { Category, Finding } from '../finding.js';
import { SYNTAX_RULE } from '../score.js';
import { isTestFile } from '../source-files.js';
import { qualityRule } from './quality-rules.js';
import { pathInside, shortened, titleOf } from './report-text.js';
import { securityRule } from './security-rules.js';

const position = z.object({ row: z.number(), column: z.number() });
const diagnostic = z.object({
  filename: z.string(),
  code: z.string().nullable(),
  name: z.string().nullish(),
  message: z.string(),
  location: position,
  end_location: position,
  fix: z.object({ message: z.string().nullable() }).nullish(),
});
type Diagnostic = z.infer<typeof diagnostic>;

const SECURITY_MINUTES = 30;
/** How tests are written, not what is wrong with them: asserts, and credentials of nobody. */
const NORMAL_IN_TESTS = new Set(['S101', 'S105', 'S106', 'S107']);

/**
 * One line of `ruff check --output-format json-lines`.
 *
 * @returns `null`: not a finding of what was asked for
 * @throws where it is no such line
 */
export function readRuffLine(line: string, categories: readonly Category[]): Finding | null {
  const found = diagnostic.parse(JSON.parse(line));
  const code = found.code ?? SYNTAX_RULE;
  const file = pathInside(found.filename);
  const finding = /^S\d/.test(code) ? toSecurity(code, file, found) : toQuality(code, file, found);
  if (finding.in_tests && NORMAL_IN_TESTS.has(code)) {
    return null;
  }
  return categories.includes(finding.category) ? finding : null;
}

function toSecurity(code: string, file: string, found: Diagnostic): Finding {
  const rule = securityRule(code);
  // Ruff's own words where every part of a shell command is a literal.
  const isHarmless = found.message.includes('seems safe');
  return {
    ...placeOf(code, file, found),
    category: 'security',
    issue: rule?.issue ?? titleOf(found.name ?? code),
    severity: isHarmless ? 'low' : (rule?.severity ?? 'low'),
    confidence: isHarmless ? 'low' : (rule?.confidence ?? 'medium'),
    recommendation: rule?.recommendation ?? shortened(found.message),
    cwe: rule?.cwe ?? null,
    effort_minutes: SECURITY_MINUTES,
  };
}

function toQuality(code: string, file: string, found: Diagnostic): Finding {
  const rule = qualityRule(code);
  return {
    ...placeOf(code, file, found),
    category: 'quality',
    issue: titleOf(found.name ?? code),
    severity: rule.severity,
    confidence: 'high',
    recommendation: shortened(found.fix?.message ?? rule.advice ?? found.message),
    cwe: null,
    effort_minutes: rule.minutes,
  };
}

function placeOf(code: string, file: string, found: Diagnostic) {
  return {
    rule_id: code,
    engine: 'ruff',
    message: shortened(found.message),
    file,
    line: found.location.row,
    column: found.location.column,
    end_line: found.end_location.row,
    in_tests: isTestFile(file),
  };
}
