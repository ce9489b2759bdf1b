import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analyzer, EngineReport } from '../src/analysis/analyzers/analyzer.js';
import { SecurityAnalyzer } from '../src/analysis/analyzers/dataflow/security-analyzer.js';
import { EngineProcess } from '../src/analysis/analyzers/process/engine-process.js';
import { OxlintAnalyzer } from '../src/analysis/analyzers/oxlint/oxlint-analyzer.js';
import { RuffAnalyzer } from '../src/analysis/analyzers/ruff/ruff-analyzer.js';
import { AppConfig } from '../src/config/app-config.js';
import { createSandbox } from '../src/infra/sandbox/create-sandbox.js';
import type { Sandbox } from '../src/infra/sandbox/sandbox.js';

/** The machine may be busy with other suites. */
const TIMEOUT_MS = 120_000;

let markers: string;

beforeAll(async () => {
  markers = await mkdtemp(join(tmpdir(), 'markers-'));
});

afterAll(() => rm(markers, { recursive: true, force: true }));

function configOf(): AppConfig {
  const config = new AppConfig();
  config.work = {
    concurrency: 1,
    buildTimeoutMs: 60_000,
    analysisTimeoutMs: 60_000,
    commandTimeoutMs: 60_000,
  };
  return config;
}

function analyze(
  analyzer: Analyzer,
  files: Record<string, string | Buffer>,
  signal = new AbortController().signal,
  done: (files: number) => void = () => undefined,
): Promise<EngineReport> {
  return analyzer.analyze(
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    { signal, categories: analyzer.covers, say: () => Promise.resolve(), done },
  );
}

/** `path rule line:column`, sorted. */
function places({ findings }: EngineReport): string[] {
  return findings
    .map(({ file, rule_id, line, column }) => `${file} ${rule_id} ${line}:${column}`)
    .sort();
}

describe.each(['auto', 'none'] as const)('engines in the sandbox %s', (mode) => {
  let ruff: RuffAnalyzer;
  let oxlint: OxlintAnalyzer;
  let dataflow: SecurityAnalyzer;

  beforeAll(async () => {
    const sandbox: Sandbox = await createSandbox(mode, () => undefined);
    const config = configOf();
    const engine = new EngineProcess(sandbox, config);
    ruff = new RuffAnalyzer(engine, config);
    oxlint = new OxlintAnalyzer(engine, config);
    dataflow = new SecurityAnalyzer(engine, config);
  });

  it(
    'dataflow follows flows into files that it is not asked about',
    async () => {
      const files = {
        'a.js': `const { load } = require('./load');
app.get('/x', (req, res) => load(req.query.name, res));`,
        'load.js': `const fs = require('fs');
exports.load = (name, done) => fs.readFile('/data/' + name, done);`,
      };
      const tree = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
      const report = await dataflow.analyze(new Map([...tree].slice(0, 1)), {
        signal: new AbortController().signal,
        categories: dataflow.covers,
        say: () => Promise.resolve(),
        done: () => undefined,
        tree,
      });
      expect(places(report)).toEqual(['load.js path-traversal 2:32']);
      expect([...(report.foundFrom?.values() ?? [])]).toEqual(['a.js']);
      // The same flaw from another file counts once, and in whatever order the answers come.
      const twice = [...report.findings, ...report.findings.map((found) => ({ ...found }))];
      expect(dataflow.combined(twice)).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    'find their canaries, and have versions',
    async () => {
      for (const analyzer of [ruff, oxlint, dataflow]) {
        const { path, text, ruleId } = analyzer.canary;
        expect(analyzer.accepts(path)).toBe(true);
        const { findings, skipped, reason } = await analyze(analyzer, { [path]: text });
        expect(findings.map(({ rule_id }) => rule_id)).toContain(ruleId);
        expect({ skipped, reason }).toEqual({ skipped: [], reason: null });
        expect(await analyzer.version()).toMatch(/^\d+\.\d+\.\d+\+[\da-f]{8}$/);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'say how a value flows',
    async () => {
      const { findings } = await analyze(dataflow, {
        'app.py':
          'import os\nfrom flask import request\n\n\ndef go():\n    name = request.args["name"]\n    os.system("ls " + name)\n',
      });
      expect(findings).toMatchObject([
        {
          rule_id: 'command-injection',
          impact: 'security',
          confidence: 'high',
          cwe: 'CWE-78',
          owasp: 'A03:2021 Injection',
          line: 7,
        },
      ]);
      expect(findings[0]?.trace[0]).toMatchObject({ file: 'app.py', line: 6 });
    },
    TIMEOUT_MS,
  );

  it(
    'tell how far they are',
    async () => {
      const done: number[] = [];
      const files = { 'a.py': 'import os\n', 'b.py': 'a = 1\n', 'c.py': 'import sys\n' };
      await analyze(ruff, files, undefined, (count) => done.push(count));
      expect(done).toEqual([1, 2, 3]);
    },
    TIMEOUT_MS,
  );

  it(
    'count characters, whatever the file begins and its lines end with',
    async () => {
      const python = await analyze(ruff, {
        'bom.py': '\uFEFFimport os\r\nprint("é😀", nothing)\r\n',
      });
      expect(places(python)).toEqual(['bom.py F401 1:8', 'bom.py F821 2:13']);
      const script = await analyze(oxlint, {
        'lib/ü.js': '\uFEFFdebugger;\r\nexport const é = "😀"; debugger;\r\n',
      });
      expect(places(script)).toEqual(['lib/ü.js no-debugger 1:1', 'lib/ü.js no-debugger 2:23']);
    },
    TIMEOUT_MS,
  );

  it(
    'report code that is not valid',
    async () => {
      const python = await analyze(ruff, { 'a.py': 'def f(:\n', 'b.py': 'x = 1\0\n' });
      expect(new Set(places(python).map((place) => place.replace(/ \d.*/, '')))).toEqual(
        new Set(['a.py invalid-syntax', 'b.py invalid-syntax']),
      );
      const script = await analyze(oxlint, { 'a.ts': 'function (\n', 'b.jsx': 'const a = <p>;\n' });
      expect(script.findings.map(({ rule_id }) => rule_id)).toContain('invalid-syntax');
      expect(new Set(script.findings.map(({ file }) => file))).toEqual(new Set(['a.ts', 'b.jsx']));
    },
    TIMEOUT_MS,
  );

  it(
    'heed nothing that the project says of them',
    async () => {
      const marker = join(markers, mode);
      const writing = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marker)}, '');\nexport default { rules: {} };\n`;
      const script = await analyze(oxlint, {
        '.oxlintrc.json': '{ "ignorePatterns": ["**/*"], "jsPlugins": ["./plugin.mjs"] }',
        'oxlint.config.ts': writing,
        'plugin.mjs': writing,
        'eslint.config.js': writing,
        'package.json': '{ "eslintConfig": { "rules": { "no-debugger": "off" } } }',
        '.eslintignore': '*',
        '.gitignore': '*',
        'node_modules/a/index.js': 'debugger;\n',
        '.hidden/a.min.js': 'debugger;\n',
        'src/a.ts': '/* oxlint-enable */ debugger;\n',
      });
      const found = places(script).filter((place) => place.includes('no-debugger'));
      expect(found).toEqual([
        '.hidden/a.min.js no-debugger 1:1',
        'node_modules/a/index.js no-debugger 1:1',
        'src/a.ts no-debugger 1:21',
      ]);
      const python = await analyze(ruff, {
        'ruff.toml': 'exclude = ["*"]\n',
        'pyproject.toml': '[tool.ruff]\nexclude = ["*"]\n',
        'venv/a.py': 'import os\n',
      });
      expect(places(python).filter((place) => place.startsWith('venv'))).toEqual([
        'venv/a.py F401 1:8',
      ]);
      expect(existsSync(marker)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'survive code that breaks their parsers, and answer for the rest',
    async () => {
      const deep = `x = ${'['.repeat(20_000)}1${']'.repeat(20_000)}\n`;
      const sum = `x = ${'1 + '.repeat(100_000)}1\n`;
      const long = `x = [${'1, '.repeat(350_000)}1]\n`;
      const python = await analyze(ruff, {
        'a.py': 'import os\n',
        'deep.py': deep,
        'long.py': long,
        'sum.py': sum,
        'z.py': 'import os\n',
      });
      expect(places(python)).toEqual(expect.arrayContaining(['a.py F401 1:8', 'z.py F401 1:8']));
      expect(python.skipped).toEqual(
        ['deep.py', 'sum.py'].map((file) => ({ file, reason: 'The engine broke on it' })),
      );
      const script = await analyze(oxlint, {
        'a.js': 'debugger;\n',
        'deep.js': deep,
        'long.js': long,
        'z.js': 'debugger;\n',
      });
      expect(places(script)).toEqual(
        expect.arrayContaining(['a.js no-debugger 1:1', 'z.js no-debugger 1:1']),
      );
      expect(script.skipped).toEqual([{ file: 'deep.js', reason: 'The engine broke on it' }]);
      const flows = await analyze(dataflow, { 'deep.js': deep, 'deep.py': deep, 'sum.py': sum });
      expect(flows.skipped.map(({ file }) => file)).toEqual(
        expect.arrayContaining(['deep.js', 'deep.py']),
      );
      expect([python.reason, script.reason, flows.reason]).toEqual([null, null, null]);
    },
    TIMEOUT_MS,
  );

  it(
    'are dead within two seconds of a cancel',
    async () => {
      const text = 'def f(a):\n    return a\n'.repeat(2_000);
      const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.py`, text]));
      const cancel = new AbortController();
      let cancelledAt = 0;
      const run = analyze(dataflow, files, cancel.signal, () => {
        cancelledAt ||= performance.now();
        cancel.abort(new Error('cancelled'));
      });
      await expect(run).rejects.toThrow('cancelled');
      expect(cancelledAt).toBeGreaterThan(0);
      expect(performance.now() - cancelledAt).toBeLessThan(2_000);
    },
    TIMEOUT_MS,
  );
});

describe(OxlintAnalyzer, () => {
  let oxlint: OxlintAnalyzer;

  beforeAll(async () => {
    const config = configOf();
    const sandbox = await createSandbox('auto', () => undefined);
    oxlint = new OxlintAnalyzer(new EngineProcess(sandbox, config), config);
  });

  it(
    'has rules of every plugin',
    async () => {
      const branches = '  if (a) {\n    a = 1;\n  }\n'.repeat(15);
      const samples: Record<string, string> = {
        'complexity.js': `export function f(a) {\n${branches}  return a;\n}\n`,
        'eqeqeq.js': 'export const a = (b, c) => b == c;\n',
        'import/no-duplicates.ts':
          "import { a } from './a.js';\nimport { b } from './a.js';\nexport { a, b };\n",
        'node/no-exports-assign.cjs': 'exports = { a: 1 };\n',
        'oxc/missing-throw.js': "export function f() {\n  new Error('a');\n}\n",
        'promise/no-new-statics.js': 'export const a = new Promise.resolve(1);\n',
        'react/jsx-key.tsx': 'export const A = () => [1].map((a) => <p>{a}</p>);\n',
        'typescript/no-misused-new.ts': 'export interface A {\n  constructor(): void;\n}\n',
        'unicorn/no-new-buffer.js': 'export const a = new Buffer(1);\n',
      };
      const report = await analyze(oxlint, samples);
      const found = report.findings.map(({ file, rule_id }) => [
        file.replace(/\.\w+$/, ''),
        rule_id,
      ]);
      expect(found.filter(([file, rule]) => file === rule)).toHaveLength(
        Object.keys(samples).length,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'holds files with React to the rules of hooks, and no others',
    async () => {
      const body = 'export function start(a) {\n  if (a) {\n    useThing();\n  }\n}\n';
      const report = await analyze(oxlint, {
        'a.js': `import { useThing } from 'react';\n${body}`,
        'b.js': `import { useThing } from './things.js';\n${body}`,
        'page.js': 'function onClick() {\n  const unused = 1;\n}\n',
        'module.js': 'function onClick() {}\nexport {};\n',
      });
      expect(places(report)).toEqual([
        'a.js react/rules-of-hooks 4:5',
        'module.js no-unused-vars 1:10',
        'page.js no-unused-vars 2:9',
      ]);
    },
    TIMEOUT_MS,
  );
});
