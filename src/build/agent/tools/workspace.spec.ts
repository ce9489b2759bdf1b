import { ToolProblem, Workspace } from './workspace.js';

const START = new Map([
  ['a.py', Buffer.from('one\ntwo\none\n')],
  ['logo.png', Buffer.from([0, 1, 2])],
]);

function workspace(): Workspace {
  return new Workspace(START, 1000);
}

function contents(of: Workspace): Record<string, string> {
  return Object.fromEntries([...of.snapshot()].map(([path, text]) => [path, text.toString()]));
}

describe(Workspace.name, () => {
  it.each<[string, (of: Workspace) => unknown]>([
    ['text that is there twice', (of) => of.replace('a.py', 'one', 'x')],
    ['text that overlaps itself', (of) => of.replace('b.py', 'aa', 'x')],
    ['text that is not there', (of) => of.replace('a.py', 'ONE', 'x')],
    ['no text at all', (of) => of.replace('a.py', '', 'x')],
    ['a file that is no text', (of) => of.replace('logo.png', '\u0001', 'x')],
    ['a file that is not there', (of) => of.replace('z.py', 'one', 'x')],
    ['a path outside', (of) => of.write('../x', 'x')],
    ['an absolute path', (of) => of.read('/etc/passwd')],
    ["git's own folder", (of) => of.write('.git/hooks/pre-commit', 'x')],
    ['a folder in place of a file', (of) => of.write('a.py/x', 'x')],
    ['more than may be stored', (of) => of.write('big', 'x'.repeat(1001))],
    ['the deletion of nothing', (of) => of.remove('z.py')],
  ])('refuses %s and changes nothing', (_, change) => {
    const subject = workspace();
    subject.write('b.py', 'aaa');
    const before = contents(subject);
    subject.markSaved();

    expect(() => change(subject)).toThrow(ToolProblem);

    expect(contents(subject)).toEqual(before);
    expect(subject.isDirty).toBe(false);
  });

  it('replaces literally', () => {
    const subject = workspace();
    subject.replace('a.py', 'two\n', '$& $1\n');
    expect(subject.read('a.py')).toBe('one\n$& $1\none\n');
  });

  it('knows what was written here and what is not saved yet', () => {
    const subject = workspace();
    subject.write('a.py', 'one\ntwo\none\n');
    expect(subject.isDirty).toBe(false);
    subject.write('c.py', 'x');
    subject.write('d.py', 'x');
    subject.remove('c.py');
    expect([subject.isDirty, subject.changedPaths()]).toEqual([true, ['d.py']]);
  });

  it('knows what was written in an earlier process', () => {
    const before = new Map([
      ['same.py', Buffer.from('1')],
      ['edited.py', Buffer.from('1')],
      ['removed.py', Buffer.from('1')],
    ]);
    const files = new Map([
      ['same.py', Buffer.from('1')],
      ['edited.py', Buffer.from('2')],
      ['added.py', Buffer.from('3')],
    ]);

    expect(new Workspace(files, 100, before).changedPaths()).toEqual(['edited.py', 'added.py']);
    expect(new Workspace(files, 100).changedPaths()).toEqual([]);
  });

  it('gives snapshots that later changes leave alone', () => {
    const subject = workspace();
    const snapshot = subject.snapshot();
    subject.write('a.py', 'other');
    expect(snapshot.get('a.py')?.toString()).toBe('one\ntwo\none\n');
  });
});
