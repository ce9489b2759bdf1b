import { formatPython } from './python-format.js';

describe(formatPython.name, () => {
  it('sorts imports by section, and joins those of one module', () => {
    const given =
      '"""A module."""\n\nfrom app.b import y\nfrom app.a import make, Base\nimport pytest\n' +
      'from app.a import LIMIT, Base\nimport re\n\nX = 1\n';

    expect(formatPython('app/c.py', given)).toBe(
      '"""A module."""\n\nimport re\n\nimport pytest\n\n' +
        'from app.a import LIMIT, Base, make\nfrom app.b import y\n\nX = 1\n',
    );
  });

  it('keeps a renamed import on its own line', () => {
    const given = 'from app.b import router as b_router\nfrom app.a import x\n';

    expect(formatPython('app/c.py', given)).toBe(
      'from app.a import x\nfrom app.b import router as b_router\n',
    );
  });

  it('breaks lines that are too long', () => {
    const name = 'x'.repeat(60);

    expect(formatPython('app/c.py', `from app.a import ${name}, y${name}\n`)).toBe(
      `from app.a import (\n    ${name},\n    y${name},\n)\n`,
    );
  });

  it('leaves other files alone', () => {
    expect(formatPython('README.md', 'import b\nimport a\n')).toBe('import b\nimport a\n');
  });
});
