const PLAIN = /^import ([a-z_.]+)(?: as ([a-z]+))?$/;
const FROM = /^from ([A-Za-z_.]+) import (\w+(?:, \w+)*|\w+ as \w+)$/;
const MAX_LINE = 100;

const STANDARD = new Set(
  [
    'abc asyncio base64 collections contextlib copy csv dataclasses datetime decimal enum functools hashlib hmac http',
    'importlib inspect io ipaddress itertools json logging math os pathlib random re secrets shutil socket string',
    'subprocess sys tempfile threading time traceback types typing unittest urllib uuid warnings zoneinfo',
  ].flatMap((line) => line.split(' ')),
);
const THIRD_PARTY = new Set(
  [
    'alembic annotated_types anyio argon2 email_validator fastapi httpx jwt psycopg pydantic pydantic_settings pytest',
    'sqlalchemy starlette typing_extensions uvicorn',
  ].flatMap((line) => line.split(' ')),
);
const OWN = new Set(['app', 'tests']);

interface Import {
  section: number;
  /** `import x` stands before `from x import y`. */
  isFrom: boolean;
  module: string;
  /** Of `from`; of `import` what it is renamed to. */
  names: string[];
}

/**
 * The head of a Python file with its imports in the order that ruff's isort rules ask for.
 *
 * Knows imports of a line each, of modules that templates use; asking the linter takes twenty times as long.
 * @returns null where it isn't sure: the linter has to be asked
 */
export function orderImports(head: string): string | null {
  const lines = head.split('\n');
  const isImport = (line: string) => /^(import|from) /.test(line);
  const first = lines.findIndex(isImport);
  const last = lines.findLastIndex(isImport);
  const imports = lines
    .slice(first, last + 1)
    .filter((line) => line !== '')
    .map(read);
  if (first < 0 || !imports.every((each) => each !== null)) {
    return null;
  }
  const sections = new Map<number, Import[]>();
  for (const each of imports) {
    put(each, sections);
  }
  const blocks = [...sections]
    .sort(([a], [b]) => a - b)
    .map(([, section]) => section.sort(byModule).map(write).join('\n'));
  const isSure =
    [...sections.values()].flat().every(isSimple) &&
    blocks.every((block) => block.split('\n').every((line) => line.length < MAX_LINE));
  return isSure
    ? [...lines.slice(0, first), blocks.join('\n\n'), ...lines.slice(last + 1)].join('\n')
    : null;
}

function read(line: string): Import | null {
  const from = FROM.exec(line);
  const [, module, list] = from ?? PLAIN.exec(line) ?? [];
  const section = module === undefined ? -1 : sectionOf(module.split('.')[0] ?? '');
  const names = list?.split(', ') ?? [];
  return module === undefined || section < 0
    ? null
    : { section, isFrom: from !== null, module, names };
}

/** Numbers in names are sorted by value, and renamed ones stand by themselves: only alone there is no doubt. */
function isSimple({ names }: Import): boolean {
  return (
    names.filter((name) => /\d/.test(name)).length < 2 &&
    (names.length === 1 || names.every((name) => !name.includes(' as ')))
  );
}

function sectionOf(root: string): number {
  return [STANDARD, THIRD_PARTY, OWN].findIndex((modules) => modules.has(root));
}

function put(added: Import, sections: Map<number, Import[]>): void {
  const section = sections.get(added.section) ?? [];
  sections.set(added.section, section);
  const same = section.find(
    ({ module, isFrom }) => isFrom && added.isFrom && module === added.module,
  );
  if (same) {
    same.names = [...new Set([...same.names, ...added.names])];
  } else {
    section.push(added);
  }
}

function byModule(a: Import, b: Import): number {
  return Number(a.isFrom) - Number(b.isFrom) || compare(a.module, b.module);
}

function write({ isFrom, module, names }: Import): string {
  if (isFrom) {
    return `from ${module} import ${names.sort(byKind).join(', ')}`;
  }
  return names.length > 0 ? `import ${module} as ${names.join(', ')}` : `import ${module}`;
}

function byKind(a: string, b: string): number {
  return kindOf(a) - kindOf(b) || compare(a, b);
}

/** Constants, classes, the rest. */
function kindOf(name: string): number {
  if (name.length > 1 && name === name.toUpperCase()) {
    return 0;
  }
  return /^[A-Z]/.test(name) ? 1 : 2;
}

/** Without regard to case, unless that makes two the same. */
function compare(a: string, b: string): number {
  const [lowerA, lowerB] = [a.toLowerCase(), b.toLowerCase()];
  if (lowerA !== lowerB) {
    return lowerA < lowerB ? -1 : 1;
  }
  return a < b ? -1 : Number(a > b);
}
