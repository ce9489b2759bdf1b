import type { Engine } from './engine.js';
import { named, type Value } from './values/value.js';

const SPOKEN_OF: ReadonlyMap<string, string> = new Map([
  ['req', '$req'],
  ['request', '$req'],
  ['res', '$res'],
  ['response', '$res'],
]);

/** `const req = args[0]`: a name says what came in a list of arguments. */
export function spokenOf(engine: Engine, name: string, value: Value): Value {
  const meant = SPOKEN_OF.get(name);
  const isArgument =
    meant !== undefined &&
    engine.module.language === 'javascript' &&
    /^(arguments|~?args|.*\bslice\.call\(\)|Array\.from\(\))(\[\]|\.[01])$/.test(value.path ?? '');
  if (isArgument) {
    return named(meant);
  }
  return value.path === null ? { ...value, path: `~${name}` } : value;
}
