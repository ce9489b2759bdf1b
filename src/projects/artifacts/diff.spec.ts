import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { unifiedDiff } from './diff.js';

function tree(files: Record<string, string | Buffer>): Map<string, Buffer> {
  return new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
}

function lines(count: number, prefix = 'line'): string {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}\n`).join('');
}

describe(unifiedDiff.name, () => {
  it('shows changed, added and removed files in the order of their paths', async () => {
    const before = tree({ 'b.txt': 'one\ntwo\n', 'c.txt': 'gone\n', same: 'same\n' });
    const after = tree({ 'b.txt': 'one\n2\n', 'a b.txt': 'new\nfile', same: 'same\n' });

    expect(await unifiedDiff(before, after)).toBe(
      [
        'diff --git a/a b.txt b/a b.txt',
        'new file mode 100644',
        '--- /dev/null',
        '+++ b/a b.txt\t',
        '@@ -0,0 +1,2 @@',
        '+new',
        '+file',
        '\\ No newline at end of file',
        'diff --git a/b.txt b/b.txt',
        '--- a/b.txt',
        '+++ b/b.txt',
        '@@ -1,2 +1,2 @@',
        ' one',
        '-two',
        '+2',
        'diff --git a/c.txt b/c.txt',
        'deleted file mode 100644',
        '--- a/c.txt',
        '+++ /dev/null',
        '@@ -1,1 +0,0 @@',
        '-gone',
        '',
      ].join('\n'),
    );
  });

  it('is empty for equal trees', async () => {
    expect(await unifiedDiff(tree({ a: 'x' }), tree({ a: 'x' }))).toBe('');
  });

  it('only names binary files', async () => {
    const before = tree({ a: Buffer.from([0xff]), b: 'text\n' });
    const after = tree({ a: Buffer.from([0xfe]), b: 'te\0xt\n' });

    expect(await unifiedDiff(before, after)).toBe(
      'diff --git a/a b/a\nBinary files a/a and b/a differ\n' +
        'diff --git a/b b/b\nBinary files a/b and b/b differ\n',
    );
  });

  it('says where it left something out', async () => {
    const before = tree({ a: 'x\n', b: 'x\n', c: 'x\n', d: 'x\n' });
    const after = tree({ a: 'y\n', b: lines(100), c: 'y\n', d: 'y\n' });

    const diff = await unifiedDiff(before, after, { maxLength: 200, maxFileLength: 100 });

    expect(diff).toBe(
      'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-x\n+y\n' +
        'diff --git a/b b/b\n[too long to show: a/b and b/b differ]\n' +
        'diff --git a/c b/c\n--- a/c\n+++ b/c\n@@ -1,1 +1,1 @@\n-x\n+y\n' +
        '[diff cut here: 1 more files differ]\n',
    );
  });

  it('does not compare what would take for ever', async () => {
    const rewritten = (prefix: string) =>
      tree(
        Object.fromEntries(
          Array.from({ length: 60 }, (_, index) => [`f${index}`, lines(1_500, prefix)]),
        ),
      );

    const diff = await unifiedDiff(rewritten('old'), rewritten('new'));

    expect(diff.match(/^@@ -1,1500 \+1,1500 @@$/gm)).toHaveLength(60);
  });

  describe('as a patch', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'diff-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('turns the one tree into the other', async () => {
      const before = tree({
        'edited.txt': lines(200),
        'no newline': 'a\nb',
        'windows.txt': 'a\r\nb\r\n',
        'emptied.txt': 'x\n',
        'rewritten.txt': lines(1_200, 'old'),
        'gone/deep.txt': 'bye\n',
      });
      const after = tree({
        'edited.txt': lines(200).replace('line 5\n', '').replace('line 150\n', 'l 150\nmore\n'),
        'no newline': 'a\nb\n',
        'windows.txt': 'a\r\nc\r\n',
        'emptied.txt': '',
        'rewritten.txt': lines(1_300, 'new'),
        'new/empty': '',
        'new/ünïcödé.txt': '--- a\n+++ b\n@@ -1 +1 @@',
      });
      for (const [path, content] of before) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }

      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
        cwd: folder,
        input: await unifiedDiff(before, after),
        // Not the repository that the folder may lie in.
        env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
      });

      const applied = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      expect(
        tree(
          Object.fromEntries(applied.map((path) => [relative(folder, path), readFileSync(path)])),
        ),
      ).toEqual(after);
    });
  });
});
