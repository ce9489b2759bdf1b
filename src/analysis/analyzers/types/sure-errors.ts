import type { Finding } from '../../findings/finding.js';
import { scopesOf, type PythonScope } from './python-scopes.js';

/** Where nobody wrote types, mypy takes the first use of a name for its only one: what it says then is seldom so. */
const NEEDS_TYPES: Readonly<Record<string, readonly PythonScope[]>> = {
  'attr-defined': ['annotated', 'module'],
  misc: ['annotated'],
  'no-redef': ['annotated'],
};
/** Asks for annotations, and says nothing of the code. */
const NO_ERRORS: ReadonlySet<string> = new Set(['var-annotated']);
/** A class of a package that is missing here, such as `db.Model`: the name before the dot is defined. */
const OF_MISSING_PACKAGES = /^Name "[^"]*\./;
/** A mixin counts on the class that it is mixed into. */
const OF_MIXINS = /undefined in superclass|\bbase class "[^"]*Mixin"/;

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
  return findings.filter(({ rule_id: rule, message, file, line }) => {
    if (
      NO_ERRORS.has(rule) ||
      OF_MIXINS.test(message) ||
      (rule === 'name-defined' && OF_MISSING_PACKAGES.test(message))
    ) {
      return false;
    }
    return NEEDS_TYPES[rule]?.includes(scopeAt(file, line)) ?? true;
  });
}
