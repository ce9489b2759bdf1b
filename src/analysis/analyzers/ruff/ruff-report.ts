import { z } from 'zod';
import type { Finding } from '../../findings/finding.js';
import { SYNTAX_RULE } from '../../verdict/score.js';
import { qualityRule } from '../rules/quality-rules.js';
import { shortened, titleOf } from '../rules/report-text.js';
import { securityRule } from '../rules/security-rules.js';
import { DEFAULTS_BY_CALL } from './ruff-settings.js';

const position = z.object({ row: z.number(), column: z.number() });
const diagnostic = z.object({
  code: z.string().nullable(),
  message: z.string(),
  start_location: position,
  end_location: position,
  fix: z.object({ message: z.string().nullable() }).nullish(),
});
type Diagnostic = z.infer<typeof diagnostic>;

const SECURITY_MINUTES = 30;

/** Up to something in the arguments of a default that is meant to be a call. */
const IN_DEFAULT_BY_CALL = new RegExp(
  `=\\s*(?:\\w+\\.)*(?:${Object.values(DEFAULTS_BY_CALL).flat().join('|')})\\([^()]*$`,
);

const COLUMN = /^(?:\w+\.)*(?:[A-Z]\w*|c)\.\w+\s*[!=]=/;

/**
 * What Ruff's `Workspace.check` says of one file.
 *
 * @param text Of the file.
 * @throws where it is no such answer
 */
export function readRuffDiagnostics(file: string, answer: unknown, text: string): Finding[] {
  const lines = text.split('\n');
  return z
    .array(diagnostic)
    .parse(answer)
    .map((found): [string, Diagnostic] => [found.code ?? SYNTAX_RULE, found])
    .filter(([code, found]) => belongsIn(file, code) && !isMeant(code, found, lines))
    .map(([code, found]) =>
      /^S\d/.test(code) ? toSecurity(code, file, found) : toQuality(code, file, found),
    );
}

/** Ruff sees no names: stubs use names before they are defined, and a package's `__init__` imports for others. */
function belongsIn(file: string, code: string): boolean {
  if (file.endsWith('.pyi')) {
    return code === SYNTAX_RULE;
  }
  return !(['F401', 'F403'].includes(code) && /(^|\/)__init__\.py$/.test(file));
}

/** What Ruff takes for a flaw, as it knows nothing of the libraries that it is written for. */
function isMeant(code: string, found: Diagnostic, lines: string[]): boolean {
  const { start_location: at } = found;
  const line = Array.from(lines[at.row - 1] ?? '');
  switch (code) {
    // `Depends(get_repository(Articles))`: made once, and meant to be. Ruff looks at the outer call alone.
    case 'B008': {
      const above = lines.slice(Math.max(0, at.row - 3), at.row - 1);
      const before = line.slice(0, at.column - 1).join('');
      return IN_DEFAULT_BY_CALL.test([...above, before].join('\n'));
    }
    // `where(Task.complete == False)`: a column, which only the operator makes a condition of.
    case 'E711':
    case 'E712':
      return COLUMN.test(line.slice(at.column - 1).join(''));
    // Every package has it; Ruff isn't told that the file is one.
    case 'F821':
      return found.message.includes('`__path__`');
    default:
      return false;
  }
}

function toSecurity(code: string, file: string, found: Diagnostic): Finding {
  const rule = securityRule(code);
  // Ruff's own words where every part of a shell command is a literal.
  const isHarmless = found.message.includes('seems safe');
  return {
    ...placeOf(code, file, found),
    category: 'security',
    impact: 'security',
    issue: rule?.issue ?? titleOf(code),
    severity: isHarmless ? 'low' : (rule?.severity ?? 'low'),
    confidence: isHarmless ? 'low' : (rule?.confidence ?? 'medium'),
    recommendation: rule?.recommendation ?? shortened(found.message),
    cwe: rule?.cwe ?? null,
    owasp: rule?.owasp ?? null,
    effort_minutes: SECURITY_MINUTES,
  };
}

function toQuality(code: string, file: string, found: Diagnostic): Finding {
  const rule = qualityRule(code);
  return {
    ...placeOf(code, file, found),
    category: 'quality',
    impact: rule.impact,
    issue: rule.issue,
    severity: rule.severity,
    confidence: 'high',
    recommendation: shortened(found.fix?.message ?? rule.advice ?? found.message),
    cwe: null,
    owasp: null,
    effort_minutes: rule.minutes,
  };
}

function placeOf(code: string, file: string, found: Diagnostic) {
  return {
    rule_id: code,
    engine: 'ruff',
    message: shortened(found.message),
    file,
    line: found.start_location.row,
    column: found.start_location.column,
    end_line: found.end_location.row,
    trace: [],
  };
}
