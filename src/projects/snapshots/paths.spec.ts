import { checkPath } from './paths.js';

describe(checkPath.name, () => {
  it.each([
    'main.py',
    'src/app/main.ts',
    '.gitignore',
    'git~10/a:b',
    '.github/workflows/ci.yml',
    'a b/ünïcödé-日本語.txt',
    '..hidden/...dots',
    'constructor',
    '__proto__',
    `${'d/'.repeat(31)}f`,
    'x'.repeat(255),
  ])('lets %p pass', (path) => {
    expect(checkPath(path)).toBeNull();
  });

  it.each([
    ['', 'is empty'],
    ['/etc/passwd', 'is absolute'],
    ['C:/Windows/x', 'is absolute'],
    ['c:x', 'is absolute'],
    ['../x', 'leads out of its folder (..)'],
    ['a/../../x', 'leads out of its folder (..)'],
    ['a/..', 'leads out of its folder (..)'],
    ['a//b', 'has an empty segment or one that is a single dot'],
    ['a/./b', 'has an empty segment or one that is a single dot'],
    ['a/', 'has an empty segment or one that is a single dot'],
    ['a\\..\\b', 'has a backslash'],
    ['a\0b', 'has control characters or is not UTF-8'],
    ['a\nb', 'has control characters or is not UTF-8'],
    ['a\u0085b', 'has control characters or is not UTF-8'],
    ['a\uD800b', 'has control characters or is not UTF-8'],
    ['a\uFFFDb', 'has control characters or is not UTF-8'],
    ['.git/hooks/post-checkout', 'lies in a .git folder: leave that out'],
    ['sub/.GIT/config', 'lies in a .git folder: leave that out'],
    ['.git./config', 'lies in a .git folder: leave that out'],
    ['Git~1/config', 'lies in a .git folder: leave that out'],
    ['.git::$INDEX_ALLOCATION/config', 'lies in a .git folder: leave that out'],
    ['.g\u200cit/config', 'lies in a .git folder: leave that out'],
    ['x'.repeat(256), 'has a name longer than 255 bytes'],
    [`${'é'.repeat(127)}/${'é'.repeat(80)}`, 'is longer than 400 bytes'],
    [`${'d/'.repeat(32)}f`, 'is more than 32 folders deep'],
  ])('refuses %p', (path, reason) => {
    expect(checkPath(path)).toBe(reason);
  });
});
