import { dotted } from '../ir/build.js';
import type { Expression, FunctionIr, ModuleIr, Statement } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import { PROTOTYPE_POLLUTION } from '../rules/prototype-pollution.js';
import type { Check, CheckedFinding } from './check.js';

/** A function that copies keys into an object and calls itself for the objects below: a deep merge written by hand. */
export const findRecursiveMerges: Check = (module: ModuleIr, text: string): CheckedFinding[] => {
  if (module.language !== 'javascript') {
    return [];
  }
  const found: CheckedFinding[] = [];
  const visit = (fn: FunctionIr, name: string | null): void => {
    const source = text.slice(fn.start, fn.end);
    // Whoever mentions it has thought of it.
    if (name === null || /__proto__|Object\.create\(null\)|new Map\b/.test(source)) {
      return;
    }
    const copied = keyedCopies(fn.body);
    const recurses = callsItself(fn, name);
    const [first] = copied;
    if (first && recurses) {
      found.push({
        rule: PROTOTYPE_POLLUTION,
        start: first.start,
        end: first.end,
        confidence: 'medium',
      });
    }
  };
  functionsOf(module.body).forEach(({ fn, name }) => visit(fn, name));
  return found;
};

function functionsOf(body: readonly Statement[]): { fn: FunctionIr; name: string | null }[] {
  const found: { fn: FunctionIr; name: string | null }[] = [];
  const statements = (list: readonly Statement[]): void => {
    for (const s of list) {
      if (s.kind === 'function') {
        found.push({ fn: s.fn, name: s.fn.name });
        statements(s.fn.body);
      } else if (s.kind === 'assign' && s.value.kind === 'function') {
        found.push({
          fn: s.value.fn,
          name: s.value.fn.name ?? dotted(s.target)?.split('.').pop() ?? null,
        });
      } else if (s.kind === 'class') {
        s.declaration.methods.forEach((fn) => found.push({ fn, name: fn.name }));
      } else if (s.kind === 'block') {
        statements(s.body);
      }
    }
  };
  statements(body);
  return found;
}

/** `target[key] = ...` inside a loop over keys. */
function keyedCopies(body: readonly Statement[], key: string | null = null): Expression[] {
  return body.flatMap((s): Expression[] => {
    if (s.kind === 'loop') {
      return keyedCopies(s.body, s.target?.kind === 'name' ? s.target.name : key);
    }
    if (s.kind === 'if') {
      const branches = s.branches.flatMap((branch) => keyedCopies(branch.body, key));
      return [...branches, ...keyedCopies(s.otherwise, key)];
    }
    if (s.kind === 'block') {
      return keyedCopies(s.body, key);
    }
    if (s.kind === 'assign') {
      const isCopy =
        s.target.kind === 'index' && s.target.index.kind === 'name' && s.target.index.name === key;
      return isCopy ? [s.target] : [];
    }
    const callback = s.kind === 'expression' ? forEachCallback(s.value) : null;
    return callback ? keyedCopies(callback.body, callback.parameters[0]?.name ?? null) : [];
  });
}

/** The callback of `Object.keys(source).forEach((key) => { ... })`. */
function forEachCallback(e: Expression): FunctionIr | null {
  if (e.kind !== 'call' || e.callee.kind !== 'member' || e.callee.property !== 'forEach') {
    return null;
  }
  const callback = e.args[0]?.value;
  return callback?.kind === 'function' ? callback.fn : null;
}

/** `target[key]`, perhaps with something in its place. */
const isElement = (e: Expression): boolean =>
  e.kind === 'index' || (e.kind === 'logical' && e.operands.some(isElement));

/** For an element of each of two objects. */
function callsItself(fn: FunctionIr, name: string): boolean {
  let found = false;
  walk(fn.body, (e) => {
    if (e.kind === 'call' && dotted(e.callee)?.split('.').pop() === name) {
      const elements = e.args.filter(({ value }) => isElement(value));
      found = found || elements.length >= 2;
    }
  });
  return found;
}
