import type { Finding } from '../../findings/finding.js';
import { typeFinding } from '../types/type-report.js';
import { cappedByFile, MAX_FINDINGS_A_FILE } from './capped.js';

const findingsIn = (file: string, count: number): Finding[] =>
  Array.from({ length: count }, (_, index) =>
    typeFinding({
      ...{ rule_id: 'a', engine: 'mypy', message: 'a', confidence: 'high', file },
      ...{ line: index + 1, column: 1, end_line: index + 1, recommendation: 'a' },
    }),
  );

describe(cappedByFile, () => {
  it('leaves the first thousand of each file, and says so', () => {
    const { findings, skipped } = cappedByFile([
      ...findingsIn('a.py', MAX_FINDINGS_A_FILE + 5),
      ...findingsIn('b.py', MAX_FINDINGS_A_FILE),
    ]);
    expect(findings).toHaveLength(2 * MAX_FINDINGS_A_FILE);
    expect(findings.at(MAX_FINDINGS_A_FILE - 1)?.line).toBe(MAX_FINDINGS_A_FILE);
    expect(skipped).toEqual([{ file: 'a.py', reason: 'Only its first 1000 findings' }]);
  });
});
