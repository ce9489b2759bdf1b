import type { ClassIr } from '../../ir/ir.js';
import type { Engine, InvokeArguments } from '../engine.js';
import { crossedInto } from '../values/origins.js';
import { deepOrigins } from '../values/parts.js';
import { named, type Value } from '../values/value.js';

/** A value on its way from `file` into another one, which it enters at `at`. */
export function carried(
  value: Value,
  at: { readonly start: number; readonly end: number },
  file: string,
  depth = 3,
): Value {
  const fields =
    value.fields && depth > 0
      ? new Map([...value.fields].map(([key, field]) => [key, carried(field, at, file, depth - 1)]))
      : null;
  return {
    ...value,
    origins: value.origins.map((origin) => crossedInto(origin, at, file)),
    fields,
    // Places in the code of the file that it leaves.
    madeFrom: null,
    test: null,
  };
}

/** What a call has to do with, as far as this file and the arguments say: another file is only asked where it matters. */
export function calledTarget(
  engine: Engine,
  target: Value,
  isNew: boolean,
  args: InvokeArguments,
): Value {
  if (isNew || [...args.positional, args.rest, target.closure?.self ?? null].some(tellsMore)) {
    return linkedTarget(engine, target);
  }
  const isElsewhere = target.closure && target.closure.frame.home !== engine.home;
  return isElsewhere ? { ...target, closure: null } : target;
}

/** A value from outside, or a request: of plain parameters the other file is asked when it is analysed itself. */
const tellsMore = (value: Value | null): boolean =>
  value !== null &&
  (/^\$(req|ctx|request|event)\b/.test(value.path ?? '') ||
    deepOrigins(value).some(({ kind }) => kind !== 'param'));

/** What a path into another file means there: a function, or a class. */
export function linkedTarget(engine: Engine, target: Value): Value {
  const { path } = target;
  if (!path?.startsWith('.') || target.closure || target.classOf) {
    return target;
  }
  const linked = engine.linked(path);
  return linked?.closure || linked?.classOf
    ? { ...target, closure: linked.closure, classOf: linked.classOf }
    : target;
}

/** An object of a class that a type names. */
export function instanceOf(engine: Engine, type: Value | undefined, path: string): Value {
  const classOf = type ? linkedTarget(engine, type).classOf : null;
  return classOf ? { ...named(path), classOf } : named(path);
}

/** A class and those it extends, as far as they are known, nearest first. */
export function lineageOf(
  engine: Engine,
  { declaration, frame }: NonNullable<Value['classOf']>,
): readonly NonNullable<Value['classOf']>[] {
  const lineage = [{ declaration, frame }];
  const seen = new Set<ClassIr>([declaration]);
  for (let [at] = lineage; at && lineage.length < 5; at = lineage[lineage.length - 1]) {
    const [base] = at.declaration.bases;
    const value = base?.kind === 'name' ? at.frame.get(base.name) : undefined;
    const above =
      value && at.frame.home === frame.home ? linkedTarget(engine, value).classOf : null;
    if (!above || seen.has(above.declaration)) {
      break;
    }
    seen.add(above.declaration);
    lineage.push(above);
  }
  return lineage;
}
