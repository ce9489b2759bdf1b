import type { Finding } from '../../findings/finding.js';
import { inParts, type SourceFile } from './in-parts.js';

const finding = (file: string): Finding => ({
  rule_id: 'no-empty',
  engine: 'oxlint',
  category: 'quality',
  impact: 'maintainability',
  issue: 'Empty block',
  message: 'Empty block',
  severity: 'low',
  confidence: 'high',
  file,
  line: 1,
  column: 1,
  end_line: 1,
  recommendation: 'Remove it',
  cwe: null,
  owasp: null,
  trace: [],
  effort_minutes: 1,
});

const filesOf = (count: number) =>
  new Map(Array.from({ length: count }, (_, i) => [`${i}.js`, Buffer.from('a')] as const));

async function lint(count: number, breaks: (path: string) => boolean, timeLimitMs = 60_000) {
  const runs: number[] = [];
  const done: number[] = [];
  const report = await inParts(
    filesOf(count),
    {
      signal: new AbortController().signal,
      categories: ['quality'],
      say: () => Promise.resolve(),
      done: (files) => done.push(files),
    },
    (files: readonly SourceFile[]) => {
      runs.push(files.length);
      const isBroken = files.some(({ path }) => breaks(path));
      return Promise.resolve(isBroken ? null : files.map(({ path }) => finding(path)));
    },
    { timeLimitMs },
  );
  return { ...report, runs, done };
}

describe(inParts, () => {
  it('takes one run where nothing breaks', async () => {
    const { findings, skipped, reason, runs, done } = await lint(100, () => false);
    expect(findings.map(({ file }) => file)).toEqual([...filesOf(100).keys()]);
    expect({ skipped, reason, runs, done }).toEqual({
      skipped: [],
      reason: null,
      runs: [100],
      done: [100],
    });
  });

  it('gives small parts of many files to one run each', async () => {
    const { findings, runs, done } = await lint(4500, () => false);
    expect(findings).toHaveLength(4500);
    expect(runs).toEqual([2000, 2000, 500]);
    expect(done).toEqual([2000, 4000, 4500]);
  });

  it('leaves out only the files that break it', async () => {
    const broken = ['0.js', '57.js', '99.js'];
    const { findings, skipped, reason, done } = await lint(100, (path) => broken.includes(path));
    expect(findings).toHaveLength(97);
    expect(skipped).toEqual(broken.map((file) => ({ file, reason: 'The engine broke on it' })));
    expect(reason).toBeNull();
    expect(done.at(-1)).toBe(100);
  });

  it('gives up on a tree that does nothing but break it', async () => {
    const { findings, skipped, reason, runs } = await lint(2000, () => true);
    expect(findings).toEqual([]);
    expect(skipped).toHaveLength(2000);
    expect(reason).toBe('It broke on too many files');
    expect(runs.length).toBeLessThan(400);
  });

  it('gives up when its time is over', async () => {
    const { skipped, reason, runs } = await lint(100, (path) => path === '7.js', 0);
    expect(skipped).toHaveLength(100);
    expect(reason).toBe('Ended at its time limit');
    expect(runs).toEqual([100]);
  });
});
