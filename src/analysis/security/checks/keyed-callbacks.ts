import { dotted } from '../ir/build.js';
import type { Expression, FunctionIr } from '../ir/ir.js';

/** What callbacks tell about the function around them. */
interface Noted {
  readonly keys: Set<string>;
  readonly elements: Set<string>;
  readonly descents: Set<string>;
}

/** What a name of a key looks like. */
export const KEY_NAME =
  /^(k|p|name|attr|tail|head|\w*(keys?|props?|property|propertyName|field|paths?|segments?|parts?))$/i;

/** The last part of a dotted name. */
export const lastName = (e: Expression): string | null => dotted(e)?.split('.').pop() ?? null;

/** `Object.keys(x).forEach((key) => ...)`, `keys.reduce((target, key) => ...)`, `forOwn(x, (value, key) => ...)` */
export function noteCallback(call: Expression & { kind: 'call' }, facts: Noted): void {
  const callback = call.args.find(({ value }) => value.kind === 'function')?.value;
  const { callee } = call;
  const method =
    callee.kind === 'member' ? callee.property : callee.kind === 'name' ? callee.name : null;
  if (method === null || callback?.kind !== 'function') {
    return;
  }
  const [first, second] = callback.fn.parameters.map((parameter) => parameter.name);
  if (method === 'each') {
    // Libraries differ in which of the two comes first.
    [first, second]
      .filter((name) => name && KEY_NAME.test(name))
      .forEach((name) => addTo(facts.keys, name));
  } else if (/^for(Own|In)$/.test(method)) {
    addTo(facts.keys, second);
    addTo(facts.elements, first);
  } else if (callee.kind === 'member' && /^(forEach|reduce)$/.test(method)) {
    addTo(facts.keys, method === 'reduce' ? second : first);
    const pair = callback.fn.parameters[0]?.target;
    if (method === 'forEach' && pair?.kind === 'list') {
      notePair(pair, facts);
    }
    if (method === 'reduce' && first && descends(callback.fn, first)) {
      facts.descents.add(first);
    }
  }
}

/** `[key, value]` of an object's entries. */
export function notePair({ items }: Expression & { kind: 'list' }, facts: Noted): void {
  const [key, value] = items.map(lastName);
  addTo(facts.keys, key);
  addTo(facts.elements, value);
}

/** `(node, key) => (node[key] = node[key] || {})`: each step goes one level down, rather than hand the same object on. */
const descends = ({ body }: FunctionIr, node: string): boolean =>
  body.some(
    (statement) =>
      statement.kind === 'return' &&
      statement.value !== undefined &&
      isBelow(statement.value, node),
  );

function isBelow(e: Expression, node: string): boolean {
  if (e.kind === 'assign') {
    return isBelow(e.target, node);
  }
  if (e.kind === 'pass') {
    return isBelow(e.operand, node);
  }
  return e.kind === 'logical'
    ? e.operands.some((operand) => isBelow(operand, node))
    : e.kind === 'index' && dotted(e.object) === node;
}

/** Adds a name where there is one. */
export function addTo(names: Set<string>, name: string | null | undefined): void {
  if (name) {
    names.add(name);
  }
}
