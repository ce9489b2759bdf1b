import { mergeTypescriptImports } from './typescript-imports.js';

describe(mergeTypescriptImports.name, () => {
  it('puts packages before own files, each by name', () => {
    const text =
      "import { a } from './a.js';\nimport { z } from 'zod';\nimport { b } from '../b.js';\n" +
      "import { join } from 'node:path';\n";

    expect(mergeTypescriptImports(text)).toBe(
      "import { join } from 'node:path';\nimport { z } from 'zod';\n" +
        "import { b } from '../b.js';\nimport { a } from './a.js';\n",
    );
  });

  it('joins what several parts import from one module', () => {
    const text = "import { b } from 'x';\nimport { a, b } from 'x';\nimport x from 'x';\n";

    expect(mergeTypescriptImports(text)).toBe("import x, { a, b } from 'x';\n");
  });

  it('keeps an import of types only where all are', () => {
    expect(mergeTypescriptImports("import type { A } from 'x';\n")).toBe(
      "import type { A } from 'x';\n",
    );
  });

  it('breaks a line beyond 100 columns', () => {
    const names = ['first', 'second', 'third'].map((name) => name + 'x'.repeat(30));

    expect(mergeTypescriptImports(`import { ${names.join(', ')} } from 'x';\n`)).toBe(
      `import {\n${names.map((name) => `  ${name},\n`).join('')}} from 'x';\n`,
    );
  });

  it('refuses what it does not know', () => {
    expect(() => mergeTypescriptImports("import * as x from 'x';\n")).toThrow('no import');
  });
});
