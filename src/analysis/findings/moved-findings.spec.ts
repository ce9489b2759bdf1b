import { fingerprintOf, flawsOf, type Flaw } from './fingerprints.js';
import { aFinding } from './finding.fixture.js';
import { movedFindings } from './moved-findings.js';

/** One finding a line, of lines that name themselves. */
const flawsIn = (file: string, ...lines: string[]): Flaw[] =>
  flawsOf(
    lines.map((_, index) => aFinding({ file, line: index + 1 })),
    (_, line) => lines[line - 1] ?? '',
  );

function moved(before: Flaw[], now: Flaw[], more: string[] = []): [now: string, before: string][] {
  const earlier = {
    files: new Set(before.map(({ file }) => file)),
    fingerprints: new Set(before.map((flaw) => fingerprintOf(flaw))),
  };
  const there = new Set([...now.map(({ file }) => file), ...more]);
  const names = new Map([...before, ...now].map((flaw) => [fingerprintOf(flaw), flaw.file]));
  return [...movedFindings(now, earlier, (file) => there.has(file))].map(([to, from]) => [
    names.get(to) ?? '',
    names.get(from) ?? '',
  ]);
}

describe(movedFindings, () => {
  it('follows a file that is renamed', () => {
    expect(moved(flawsIn('a.py', 'x', 'x'), flawsIn('b.py', 'x', 'x'))).toEqual([
      ['b.py', 'a.py'],
      ['b.py', 'a.py'],
    ]);
  });

  it('follows one that is renamed and changed in part', () => {
    const now = flawsIn('b.py', 'x', 'y', 'new', 'newer');
    expect(moved(flawsIn('a.py', 'x', 'y'), now)).toHaveLength(2);
  });

  it('takes the file of the same name before another one', () => {
    const before = [...flawsIn('a/main.py', 'x'), ...flawsIn('b/other.py', 'x')];
    expect(moved(before, flawsIn('c/other.py', 'x'))).toEqual([['c/other.py', 'b/other.py']]);
  });

  it('gives a file that is gone to one new file only', () => {
    const now = [...flawsIn('b.py', 'x'), ...flawsIn('c.py', 'x')];
    expect(moved(flawsIn('a.py', 'x'), now)).toEqual([['b.py', 'a.py']]);
  });

  it.each<[string, Flaw[], Flaw[], string[]]>([
    ['the other file is still there', flawsIn('a.py', 'x'), flawsIn('b.py', 'x'), ['a.py']],
    ['only a smaller part is the same', flawsIn('a.py', 'x'), flawsIn('b.py', 'x', 'y', 'z'), []],
    ['the rest is something else', flawsIn('a.py', 'x'), flawsIn('b.py', 'y'), []],
  ])('follows nothing where %s', (_, before, now, more) => {
    expect(moved(before, now, more)).toEqual([]);
  });
});
