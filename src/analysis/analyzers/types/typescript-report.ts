import type { Finding } from '../../findings/finding.js';
import { typeFinding } from './type-report.js';
import type { TypeScriptError } from './typescript/check-project.js';
import { adviceFor } from './typescript/verified/error-codes.js';

/** An error as the compiler gives it. */
export function toFinding(error: TypeScriptError): Finding {
  return typeFinding({
    rule_id: `TS${error.code}`,
    engine: 'typescript',
    message: error.message,
    confidence: 'high',
    file: error.file,
    line: error.line,
    column: error.column,
    end_line: error.endLine,
    recommendation: adviceFor(error.code) ?? error.message,
  });
}
