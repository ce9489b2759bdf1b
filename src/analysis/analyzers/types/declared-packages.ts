/** Files in which Python projects say which packages they need. */
const DECLARATIONS = /(^|\/)(requirements[^/]*\.(txt|in)|pyproject\.toml|setup\.cfg|Pipfile)$/;

/** `name[extra]>=1.2,<2`, in quotes or not. */
const REQUIREMENT =
  /^[\s"'\-[]*([a-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*\(?((?:\s*[<>=!~]=?=?\s*[\w.*]+\s*,?)+)/i;
/** `name = "^1.2"` and `name = { version = "^1.2" }` of Poetry and Pipenv. */
const ASSIGNED =
  /^\s*["']?([a-z0-9][\w.-]*)["']?\s*=\s*(?:\{.*?\bversion\s*=\s*)?["']([\^~<>=!\d][^"']*)["']/i;
/** Of a list that stands on one line, each entry counts as a line. */
const ENTRY_END = /\n|[[,](?=\s*["'])/;
/** Of a line that people wrote. */
const MAX_LINE_LENGTH = 300;
const CLAUSE = /^([<>=!~^]*)\s*v?(\d+(?:\.\d+)*)/;

/** Whether a file says which packages a project needs. */
export function declaresPackages(path: string): boolean {
  return DECLARATIONS.test(path);
}

/**
 * Of the installed packages those that the project asks for in another release: what their types say is not true of
 * its code.
 *
 * @param files Those that declare packages, among others.
 * @param installed Name, as PyPI normalises it, to version.
 * @returns name to what the project asks for; of those that its code imports
 */
export function otherReleases(
  files: ReadonlyMap<string, Buffer>,
  installed: ReadonlyMap<string, string>,
): Map<string, string> {
  const others = new Map<string, string>();
  for (const [path, content] of files) {
    if (!declaresPackages(path)) {
      continue;
    }
    const lines = content.toString('utf8').split(ENTRY_END);
    for (const line of lines.filter(({ length }) => length <= MAX_LINE_LENGTH)) {
      const [, name = '', asked = ''] = ASSIGNED.exec(line) ?? REQUIREMENT.exec(line) ?? [];
      const version = installed.get(normalised(name));
      if (version !== undefined && excludes(asked, version) && isImported(files, name)) {
        others.set(normalised(name), asked.trim());
      }
    }
  }
  return others;
}

/** Of a package, as far as its name tells. */
export function moduleOf(name: string): string {
  return normalised(name).replaceAll('-', '_');
}

/** As PyPI compares names. */
export function normalised(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function isImported(files: ReadonlyMap<string, Buffer>, name: string): boolean {
  const statement = new RegExp(`^[ \\t]*(?:from|import)[ \\t]+${moduleOf(name)}\\b`, 'm');
  return [...files].some(
    ([path, content]) => !declaresPackages(path) && statement.test(content.toString('utf8')),
  );
}

/** Whether no release of the installed one's line is asked for; what can't be read excludes nothing. */
function excludes(asked: string, installed: string): boolean {
  return asked.split(',').some((clause) => {
    const [, operator = '', version = ''] = CLAUSE.exec(clause.trim()) ?? [];
    if (version === '') {
      return false;
    }
    switch (operator) {
      case '!=':
        return false;
      case '>':
      case '>=':
        return compare(installed, version) < 0;
      case '<':
      case '<=':
        return compare(installed, version) >= 0;
      default:
        return lineOf(installed) !== lineOf(version);
    }
  });
}

/** What a release is compatible with: its major version, before 1.0 its minor one as well. */
function lineOf(version: string): string {
  const [major = '0', minor = '0'] = version.split('.');
  return major === '0' ? `0.${minor}` : major;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
