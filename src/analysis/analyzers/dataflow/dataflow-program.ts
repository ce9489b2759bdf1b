import { analyzeFile, type SecurityOptions } from '../../security/analyze-security.js';
import { Project } from '../../security/project/project.js';
import { answerForSources } from '../process/program-channel.js';
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

/** Of this process: what counts as too complex must not depend on how busy the machine is. */
const now = (): number => process.cpuUsage().user / 1000;

/** Our own security engine, in a process of its own. */
answerForSources(({ textOf, dependenciesOf }) => {
  const project = new Project(textOf, dependenciesOf);
  return (path, text) => {
    const { findings, skipped } = analyzeFile(path, text, { kinds: ALL_KINDS, now }, project);
    return { findings: findings.map(toFinding), skipped: skipped[0]?.reason ?? null };
  };
});
