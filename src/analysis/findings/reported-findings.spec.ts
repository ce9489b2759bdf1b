import type { EarlierAnalysis } from '../verdict/baseline.js';
import type { Finding } from './finding.js';
import { aFinding, aHole } from './finding.fixture.js';
import { toReported } from './reported-findings.js';
import { takeInventory } from '../engines/source-files.js';

function report(found: Finding[], text: string, earlier: EarlierAnalysis | null = null) {
  const { code } = takeInventory(new Map([['main.py', Buffer.from(text)]]));
  const isThere = (file: string) => code.has(file);
  return toReported(found, { code, decisions: new Map(), earlier, isThere }).findings;
}

const { fingerprint: _, in_tests, status, suppression, baseline, ...hole } = aHole({ line: 2 });

describe(toReported, () => {
  it('starts with nothing decided', () => {
    expect(report([hole], 'a\nb\n')[0]).toMatchObject({ in_tests, status, suppression, baseline });
  });

  it('keeps the fingerprint of a finding whose line moved or was indented', () => {
    const before = report([hole], 'a\nquery(x)\n')[0]?.fingerprint;
    const after = report([{ ...hole, line: 4 }], 'a\n\n\n    query( x )\n')[0]?.fingerprint;
    expect(after).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tells equal lines apart', () => {
    const found = [aFinding({ line: 1 }), aFinding({ line: 2 })];
    const prints = report(found, 'import os\nimport os\n').map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(2);
  });

  it('gives another file and another rule other fingerprints', () => {
    const found = [aFinding(), aFinding({ rule_id: 'F811' }), aFinding({ file: 'other.py' })];
    const prints = report(found, 'import os\n').map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(3);
  });

  it('says what is new and what was there', () => {
    const [first] = report([hole], 'a\nquery(x)\n');
    const earlier: EarlierAnalysis = {
      id: '1',
      timestamp: '',
      answered: new Set(['security']),
      fingerprints: new Set([first?.fingerprint ?? '']),
      files: new Set(['main.py']),
      shown: [],
    };
    const found = [hole, { ...hole, rule_id: 'ssrf', cwe: 'CWE-918' }, aFinding()];
    const states = report(found, 'a\nquery(x)\n', earlier).map((f) => [f.rule_id, f.baseline]);
    expect(Object.fromEntries(states)).toEqual({
      'sql-injection': 'unchanged',
      ssrf: 'new',
      F401: null,
    });
  });

  it('keeps the surer engine of two that find one weakness on one line', () => {
    const other = { ...hole, engine: 'ruff', rule_id: 'S608', confidence: 'medium' as const };
    expect(report([other, hole], 'a\nb\n').map(({ engine }) => engine)).toEqual(['dataflow']);
  });

  it('gives the same for the same findings in any order', () => {
    const found = [hole, aFinding(), aFinding({ line: 2 }), aFinding({ rule_id: 'E501' })];
    const text = 'import os\nimport os\n';
    expect(report(found.toReversed(), text)).toEqual(report(found, text));
  });
});
