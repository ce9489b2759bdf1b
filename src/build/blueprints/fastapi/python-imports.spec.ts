import { mergePythonImports } from './python-imports.js';

describe(mergePythonImports.name, () => {
  it('sorts as isort does: plain imports, then modules by name', () => {
    const text = 'from b import x\nimport os\nfrom a.c import y\nimport abc\nfrom a import z\n';

    expect(mergePythonImports(text)).toBe(
      'import abc\nimport os\nfrom a import z\nfrom a.c import y\nfrom b import x\n',
    );
  });

  it('joins what several parts import from one module: constants, classes, the rest', () => {
    expect(mergePythonImports('from a import make, Base\nfrom a import LIMIT, Base\n')).toBe(
      'from a import LIMIT, Base, make\n',
    );
  });

  it('keeps a renamed import on its own line', () => {
    expect(mergePythonImports('from b import router as b_router\nfrom a import x\n')).toBe(
      'from a import x\nfrom b import router as b_router\n',
    );
  });

  it('makes nothing of nothing', () => {
    expect(mergePythonImports('')).toBe('');
  });
});
