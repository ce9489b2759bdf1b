import { analyzeSecurity, type SecurityOptions } from '../../security/analyze-security.js';
import { answerForSources } from '../program-channel.js';
import { toFinding } from './dataflow-report.js';

/** Which files count is decided before any engine sees them: one decision for all engines. */
const ALL_KINDS: SecurityOptions['kinds'] = [
  'source',
  'test',
  'generated',
  'minified',
  'vendored',
  'declarations',
];

/** Our own security engine, in a process of its own. */
answerForSources((path, text) => {
  const { findings, skipped } = analyzeSecurity(new Map([[path, text]]), { kinds: ALL_KINDS });
  return { findings: findings.map(toFinding), skipped: skipped[0]?.reason ?? null };
});
