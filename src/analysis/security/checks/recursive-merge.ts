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
    switch (s.kind) {
      case 'loop':
        return keyedCopies(s.body, s.target?.kind === 'name' ? s.target.name : key);
      case 'if':
        return [
          ...s.branches.flatMap((branch) => keyedCopies(branch.body, key)),
          ...keyedCopies(s.otherwise, key),
        ];
      case 'block':
        return keyedCopies(s.body, key);
      case 'assign':
        return key !== null &&
          s.target.kind === 'index' &&
          s.target.index.kind === 'name' &&
          s.target.index.name === key
          ? [s.target]
          : [];
      case 'expression':
        // `Object.keys(source).forEach((key) => { ... })`
        return s.value.kind === 'call' &&
          s.value.callee.kind === 'member' &&
          s.value.callee.property === 'forEach' &&
          s.value.args[0]?.value.kind === 'function'
          ? keyedCopies(
              s.value.args[0].value.fn.body,
              s.value.args[0].value.fn.parameters[0]?.name ?? null,
            )
          : [];
      default:
        return [];
    }
  });
}

function callsItself(fn: FunctionIr, name: string): boolean {
  let found = false;
  walk(fn.body, (e) => {
    if (e.kind === 'call' && dotted(e.callee)?.split('.').pop() === name) {
      found = true;
    }
  });
  return found;
}
