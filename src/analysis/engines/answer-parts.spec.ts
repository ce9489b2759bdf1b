import { Analyzer, type EngineReport } from '../analyzers/analyzer.js';
import { aFinding } from '../findings/finding.fixture.js';
import { answersIn, partsOf } from './answer-parts.js';

/** Each file depends on that which its text names. */
class NamingAnalyzer extends Analyzer {
  readonly name = 'naming';
  readonly covers = [];
  readonly scope = 'file';
  readonly canary = { path: '', text: '', ruleId: '' };

  accepts(): boolean {
    return true;
  }

  override dependencies(files: ReadonlyMap<string, Buffer>): (path: string) => readonly string[] {
    return (path) => [files.get(path)?.toString() ?? ''].filter((other) => files.has(other));
  }

  version(): Promise<string> {
    return Promise.resolve('1');
  }

  analyze(): Promise<EngineReport> {
    return Promise.resolve({ findings: [], skipped: [], reason: null });
  }
}

const keysOf = (files: Record<string, string>): Record<string, string> => {
  const contents = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  return Object.fromEntries(
    partsOf(new NamingAnalyzer(), '1', new Map(contents)).map(({ key, files: [file] }) => [
      file?.[0] ?? '',
      key.toString('hex'),
    ]),
  );
};

describe(partsOf, () => {
  const before = keysOf({ a: 'b', b: 'one', c: 'two' });

  it('asks again about a file when one that it depends on changes', () => {
    const after = keysOf({ a: 'b', b: 'other', c: 'two' });
    expect([after['a'] === before['a'], after['b'] === before['b']]).toEqual([false, false]);
    expect(after['c']).toBe(before['c']);
  });

  it('asks again when such a file comes or goes', () => {
    expect(keysOf({ a: 'b', c: 'two' })['a']).not.toBe(before['a']);
  });
});

describe(answersIn, () => {
  it('keeps a finding with the file whose analysis gave it', () => {
    const own = aFinding({ file: 'b' });
    const brought = aFinding({ file: 'b' });
    const report: EngineReport = {
      findings: [own, brought],
      skipped: [],
      reason: null,
      foundFrom: new Map([[brought, 'a']]),
    };
    const of = (path: string) => answersIn(report)([[path, Buffer.of()]]).findings;
    expect(of('a')).toEqual([brought]);
    expect(of('b')).toHaveLength(1);
    expect(of('b')[0]).toBe(own);
  });
});
