import { posix } from 'node:path';
import type { Finding } from '../../../findings/finding.js';
import { scopesOf, type PythonScope } from './python-scopes.js';

/** Where nobody wrote types, mypy takes the first use of a name for its only one: what it says then is seldom so. */
const NEEDS_TYPES: Readonly<Record<string, readonly PythonScope[]>> = {
  assignment: ['annotated', 'module', 'class'],
  'attr-defined': ['annotated', 'module'],
  misc: ['annotated'],
  'no-redef': ['annotated'],
};
/** They ask for annotations, or say what mypy could not find out, and nothing of the code. */
const NO_ERRORS: ReadonlySet<string> = new Set(['var-annotated', 'has-type']);
const UNSURE: readonly RegExp[] = [
  // A mixin counts on the class that it is mixed into.
  /undefined in superclass|\bbase class "[^"]*Mixin"/,
  // A class of a package that is missing here, such as `db.Model`: the name before the dot is defined.
  /^Name "[^"]*\./,
  // What several types have in common, where nobody said which is meant: mostly the values of a dict.
  /^Value of type "object"|\("object"\)|(incompatible type|not|type "[^"]*":) "object"|^"object" has no attribute/,
  /incompatible type "\*\*dict\[|^Dict entry \d+ has incompatible type/,
  // First `None`, later something that mypy knows nothing of.
  /^Item "None" of "Any \| None"/,
  // The pipes of a child process, which are there if they were asked for.
  /^Item "None" of "IO\[\w+\] \| None"/,
  // A class whose base, somewhere up, is missing.
  /for "__init_subclass__" of "object"$/,
  // `except ImportError: name = None`
  /variable has type Module\)/,
];
/** Tests hand over what is wrong on purpose: there only what has annotations counts. */
const TEST = /(^|\/)tests?\/|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/;
const IN_TESTS: readonly PythonScope[] = ['annotated'];
/** Alembic writes them. */
const GENERATED = /(^|\/)(alembic|migrations?)\/(env\.py$|versions\/)/;
/** A folder of the same name lies nearer to the root than the package that is meant. */
const OF_MODULES = /^Module\b.* has no attribute/;
const PACKAGE = /\/__init__\.pyi?$/;

/** Of mypy's errors those that say something of code which bears no annotations as well. */
export function sureErrors(
  findings: readonly Finding[],
  files: ReadonlyMap<string, Buffer>,
): Finding[] {
  const scopes = new Map<string, PythonScope[]>();
  const scopeAt = (file: string, line: number): PythonScope => {
    const known = scopes.get(file) ?? scopesOf(files.get(file)?.toString('utf8') ?? '');
    scopes.set(file, known);
    return known[line - 1] ?? 'module';
  };
  const isAmbiguous = hasPackagesBelowFolders(files);
  return findings.filter(({ rule_id: rule, message, file, line }) => {
    const isUnsure =
      NO_ERRORS.has(rule) ||
      UNSURE.some((pattern) => pattern.test(message)) ||
      (isAmbiguous && OF_MODULES.test(message));
    if (isUnsure || GENERATED.test(file)) {
      return false;
    }
    const needed = TEST.test(file) ? IN_TESTS : NEEDS_TYPES[rule];
    return needed?.includes(scopeAt(file, line)) ?? true;
  });
}

/** Whether packages lie in folders that are none, as in `client/client/__init__.py`: then `client` may mean either. */
function hasPackagesBelowFolders(files: ReadonlyMap<string, Buffer>): boolean {
  const packages = new Set(
    [...files.keys()].filter((path) => PACKAGE.test(path)).map((path) => posix.dirname(path)),
  );
  return [...packages].some((path) => {
    const parent = posix.dirname(path);
    return parent !== '.' && parent !== 'src' && !packages.has(parent);
  });
}
