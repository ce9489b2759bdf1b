import { AnalyzerFailed, AnalyzerUnavailable } from '../src/analysis/analyzers/analyzer.js';
import type { Analyzer, AnalyzerContext } from '../src/analysis/analyzers/analyzer.js';
import { DuplicatesAnalyzer } from '../src/analysis/analyzers/duplicates/duplicates-analyzer.js';
import { EngineProcess } from '../src/analysis/analyzers/process/engine-process.js';
import { MypyAnalyzer } from '../src/analysis/analyzers/types/python/mypy-analyzer.js';
import { PyrightAnalyzer } from '../src/analysis/analyzers/types/python/pyright-analyzer.js';
import { PythonToolFinder } from '../src/analysis/analyzers/types/python/python-tool-finder.js';
import { TypescriptAnalyzer } from '../src/analysis/analyzers/types/typescript-analyzer.js';
import { loadConfig } from '../src/config/load-config.js';
import { createSandbox } from '../src/infra/sandbox/create-sandbox.js';
import { PythonToolchain } from '../src/toolchains/python-toolchain.js';

const SECOND = 1000;

const sandbox = await createSandbox('auto', () => undefined);

function engines(settings: NodeJS.ProcessEnv = {}) {
  const config = loadConfig({ ...process.env, ...settings });
  const runner = new EngineProcess(sandbox, config);
  const tools = new PythonToolFinder(new PythonToolchain(config));
  return {
    mypy: new MypyAnalyzer(runner, tools),
    pyright: new PyrightAnalyzer(runner, tools),
    typescript: new TypescriptAnalyzer(runner),
    duplicates: new DuplicatesAnalyzer(runner),
  };
}

/** Where no Python stands, pyright takes the place of mypy. */
const WITHOUT_PYTHON = { PYTHON: '/nonexistent/python3' };
const { mypy, typescript, duplicates } = engines();
const { pyright } = engines(WITHOUT_PYTHON);

function contextOf(signal = AbortSignal.timeout(120 * SECOND)): AnalyzerContext {
  return { signal, categories: ['types'], say: async () => undefined, done: () => undefined };
}

function contents(files: Record<string, string>): Map<string, Buffer> {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

/** `file:line rule` of all that the engine finds. */
async function found(engine: Analyzer, files: Record<string, string>): Promise<string[]> {
  const report = await engine.analyze(contents(files), contextOf());
  return report.findings.map(({ file, line, rule_id }) => `${file}:${line} ${rule_id}`).sort();
}

describe('every engine', () => {
  it.each([mypy, pyright, typescript, duplicates])('$name finds its canary', async (engine) => {
    const { path, text, ruleId } = engine.canary;
    const { findings } = await engine.analyze(contents({ [path]: text }), contextOf());
    expect(findings.map(({ rule_id }) => rule_id)).toEqual([ruleId]);
    expect(engine.accepts(path)).toBe(true);
  });

  it.each([mypy, pyright, typescript, duplicates])('$name has a version', async (engine) => {
    expect(await engine.version(contextOf())).toMatch(/^\d/);
  });
});

describe('types of Python', () => {
  it('are checked by one engine alone', async () => {
    await expect(engines().pyright.version(contextOf())).rejects.toThrow(AnalyzerUnavailable);
    await expect(engines(WITHOUT_PYTHON).mypy.version(contextOf())).rejects.toThrow(
      AnalyzerUnavailable,
    );
  });

  const hostile = {
    'pyproject.toml': '[tool.mypy]\nplugins = ["./evil.py"]\n[tool.pyright]\nstrict = ["**"]\n',
    'pyrightconfig.json': '{ "strict": ["**"], "venvPath": "/", "typeshedPath": "evil" }',
    'mypy.ini': '[mypy]\nplugins = ./evil.py\nstrict = True\n',
    'setup.cfg': '[mypy]\nplugins = ./evil.py\n',
    'evil.py': 'import sys\nsys.exit("it ran")\n',
    'sitecustomize.py': 'raise SystemExit("it ran")\n',
    'typing.py': 'raise SystemExit("it ran")\n',
    'json.py': 'raise SystemExit("it ran")\n',
    'mypy.py': 'raise SystemExit("it ran")\n',
    'main.py': 'def untyped(x):\n    return x\n\n\ncount: int = "one"\n',
  };

  it.each([
    [mypy, 'main.py:5 assignment'],
    [pyright, 'main.py:5 reportAssignmentType'],
  ])('heed nothing of a hostile tree: %#', async (engine, expected) => {
    // As files of the tree they are modules like any other: what shadows the standard library may be reported.
    const all = await found(engine, hostile);
    expect(all.filter((each) => each.startsWith('main.py'))).toEqual([expected]);
  });

  it.each([mypy, pyright])('$name takes missing packages for no errors', async (engine) => {
    const text = `
import gone
from gone.deep import Base, cached_property, decorate
@decorate(1)
class A(Base):
    @cached_property
    def b(self) -> str:
        return ''
    @decorate
    def c(self, x: gone.T) -> None:
        self.b.anything(self.d, x.y)
A(1, 2, e=3).f(gone.g)
`;
    expect(await found(engine, { 'app/main.py': text })).toEqual([]);
  });

  it.each([mypy, pyright])('$name leaves out what it can not parse', async (engine) => {
    const files = { 'a.py': 'def (:\n', 'b.py': 'n: int = "one"\n' };
    const { findings, skipped } = await engine.analyze(contents(files), contextOf());
    expect(findings.map(({ file }) => file)).toEqual(['b.py']);
    expect(skipped.map(({ file }) => file)).toEqual(['a.py']);
  });
});

describe(MypyAnalyzer, () => {
  const main = `from pydantic import BaseSettings

class Settings(BaseSettings):
    debug: bool = False

count: int = "one"
`;

  it('knows the packages of the toolchain', async () => {
    expect(await found(mypy, { 'main.py': main })).toEqual([
      'main.py:3 valid-type',
      'main.py:6 assignment',
    ]);
  });

  it('says nothing by releases that the project does not ask for', async () => {
    const files = contents({ 'main.py': main, 'requirements.txt': 'pydantic==1.10.2\n' });
    const { findings, remark } = await mypy.analyze(files, contextOf());

    expect(findings.map(({ rule_id }) => rule_id)).toEqual(['assignment']);
    expect(remark).toMatch(/pydantic \(==1\.10\.2; here 2\./);
    expect(mypy.reads('requirements.txt')).toBe(true);
  });
});

describe(TypescriptAnalyzer, () => {
  it('heeds nothing of a hostile configuration', async () => {
    const config = {
      extends: ['/etc/passwd', '../../../../../etc/tsconfig.json'],
      references: [{ path: '/etc' }],
      compilerOptions: {
        types: ['/etc/x'],
        typeRoots: ['/'],
        plugins: [{ name: '/workspace/evil.js' }],
        paths: { secret: ['/etc/passwd'] },
        generateTrace: '/workspace/trace',
      },
    };
    const files = {
      'tsconfig.json': JSON.stringify(config),
      'evil.js': 'process.exit(3);',
      'a.ts': "import secret from 'secret';\nexport const n: number = 'one';\nsecret.a;",
    };
    expect(await found(typescript, files)).toEqual(['a.ts:2 TS2322']);
  });

  it('says so where nothing is to be checked', async () => {
    const files = { 'a.js': 'const a = 1; a();' };
    const report = await typescript.analyze(contents(files), contextOf());
    expect(report).toMatchObject({
      findings: [],
      skipped: [{ file: 'a.js', reason: 'JavaScript that asks for no type checks' }],
      reason: null,
    });
  });

  /** Types that take for ever to work out. */
  const endless = {
    'a.ts': `
type Bits<N extends number, T extends 0[] = []> = T['length'] extends N ? T : Bits<N, [...T, 0]>;
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
${Array.from({ length: 400 }, (_, n) => `export type A${n} = \`\${Digit}\${Digit}\${Digit}\${Digit}${n}\`;\nexport const f${n} = (x: A${n}, y: A${(n + 1) % 400}): Bits<${900 + (n % 90)}> => x === y;`).join('\n')}
`,
  };

  it('is ended at its time limit, which harms nobody else', async () => {
    const slow = engines({ COMMAND_TIMEOUT_SECONDS: '1' }).typescript;
    const runs = await Promise.allSettled([
      slow.analyze(contents(endless), contextOf()),
      typescript.analyze(contents({ 'a.ts': typescript.canary.text }), contextOf()),
    ]);
    expect(runs).toEqual([
      { status: 'rejected', reason: expect.any(AnalyzerFailed) },
      { status: 'fulfilled', value: expect.objectContaining({ findings: [expect.anything()] }) },
    ]);
  });

  it('dies within two seconds of a cancel', async () => {
    const abort = new AbortController();
    let cancelledAt = Infinity;
    const files = { '0.ts': 'export {};', ...endless };
    const running = typescript.analyze(contents(files), {
      ...contextOf(abort.signal),
      // The first file is done: the compiler is at work on the second.
      done: () => {
        cancelledAt = performance.now();
        abort.abort(new Error('cancelled'));
      },
    });
    await expect(running).rejects.toThrow('cancelled');
    expect(performance.now() - cancelledAt).toBeLessThan(2 * SECOND);
  });
});
