import { dotted } from '../ir/build.js';
import type { Expression, FunctionIr, Statement } from '../ir/ir.js';
import { addTo, KEY_NAME, lastName, noteCallback, notePair } from './keyed-callbacks.js';

interface KeyedCall {
  readonly name: string;
  /** Arguments that are, or were, an element of some object under a key. */
  readonly elements: number;
  /** Called is what the function was handed. */
  readonly isParameter: boolean;
  /** One argument is the rest of a path. */
  readonly shortensPath: boolean;
}

/** `object[key] = ...` */
export interface Write {
  readonly target: Expression;
  readonly object: string;
  /** What is written is no new, empty object. */
  readonly isFinal: boolean;
  /** `key` is known to be a key, and not just no counter. */
  readonly isKeyed: boolean;
}

/** What a function does with keys it doesn't choose itself; functions without a name inside it count as its own. */
export interface KeyedFunction {
  readonly name: string | null;
  readonly fn: FunctionIr;
  readonly writes: Write[];
  /** Names for which `x = x[key]` stands in a loop. */
  readonly descents: Set<string>;
  readonly calls: KeyedCall[];
  readonly keys: Set<string>;
  readonly elements: Set<string>;
  /** Lists that lose their first entry on the way. */
  readonly shortened: Set<string>;
}

type Assignment = { readonly target: Expression; readonly value: Expression };

/** Every function of a file that has a name, or is what the file exports. */
export function keyedFunctions(body: readonly Statement[]): Map<string, KeyedFunction> {
  const functions = new Map<string, KeyedFunction>();
  collect(body, null, functions);
  // Twice: which parameters hold elements shows where the function is called.
  for (let round = 0; round < 2; round += 1) {
    for (const facts of functions.values()) {
      facts.calls.length = 0;
      facts.writes.length = 0;
      read(facts.fn.body, facts, functions, false);
    }
  }
  return functions;
}

/** Whether calling one function may end up in another. */
export function reaches(
  functions: ReadonlyMap<string, KeyedFunction>,
  from: string,
  to: string,
  depth = 3,
): boolean {
  return (functions.get(from)?.calls ?? []).some(
    ({ name }) =>
      name === to || (depth > 0 && name !== from && reaches(functions, name, to, depth - 1)),
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const childrenOf = (node: object): object[] =>
  Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : [],
  );

const kindOf = (node: object): string | null =>
  'kind' in node && typeof node.kind === 'string' ? node.kind : null;

const assignmentIn = (node: object): Assignment | null =>
  kindOf(node) === 'assign' ? (node as Assignment) : null;

const functionIn = (node: object): FunctionIr | null =>
  kindOf(node) === 'function' ? (node as { fn: FunctionIr }).fn : null;

function collect(node: object, name: string | null, functions: Map<string, KeyedFunction>): void {
  const fn = functionIn(node);
  const own = fn ? (fn.name ?? name) : null;
  if (fn && own !== null) {
    const names = fn.parameters.flatMap((parameter) => parameter.name ?? []);
    // A declared function keeps its name; a method of the same name stands beside it.
    const isTaken = functions.has(own) && fn.name === null;
    functions.set(isTaken ? `${own}#${fn.start}` : own, {
      name: own,
      fn,
      writes: [],
      descents: new Set(),
      calls: [],
      keys: new Set(names.filter((parameter) => KEY_NAME.test(parameter))),
      elements: new Set(),
      shortened: new Set(),
    });
  }
  const assigned = assignmentIn(node);
  const target = assigned ? (name ?? lastName(assigned.target)) : null;
  for (const child of childrenOf(node)) {
    collect(child, target, functions);
  }
}

function read(
  node: object,
  facts: KeyedFunction,
  functions: ReadonlyMap<string, KeyedFunction>,
  inLoop: boolean,
): void {
  const fn = functionIn(node);
  if (fn && fn !== facts.fn && fn.name !== null && functions.get(fn.name)?.fn === fn) {
    return;
  }
  const assigned = assignmentIn(node);
  if (assigned) {
    noteAssignment(assigned, facts, inLoop);
  }
  const kind = kindOf(node);
  if (kind === 'loop') {
    const { target } = node as { target?: Expression };
    if (target?.kind === 'list') {
      notePair(target, facts);
    } else if (target) {
      addTo(facts.keys, lastName(target));
    }
  } else if (kind === 'call') {
    noteCall(node as Expression & { kind: 'call' }, facts, functions);
  }
  const isLoop = inLoop || kind === 'loop' || kind === 'function';
  for (const child of childrenOf(node)) {
    read(child, facts, functions, isLoop);
  }
}

const isKeyed = (e: Expression, facts: KeyedFunction): e is Expression & { kind: 'index' } =>
  e.kind === 'index' && isKey(e.index, facts);

/** A key: a loop's variable, an element of a list of keys, a parameter that is called so. */
function isKey(e: Expression, facts: KeyedFunction): boolean {
  if (e.kind === 'name') {
    return facts.keys.has(e.name);
  }
  return e.kind === 'index' && e.object.kind === 'name' && KEY_NAME.test(e.object.name);
}

const COUNTER =
  /^(i|j|l|n|m|x|y|c|ch|char|chr|code|idx|index|len|length|pos|offset|count|start|end|left|right|row|col|\w*(Index|Id|Pos|Idx|Char|Code|Type|State|Symbol|Event))$/i;

/** Anything but a counter, or a constant by its name. */
const mayBeKey = (e: Expression): boolean =>
  e.kind === 'name'
    ? !COUNTER.test(e.name) && !/^[A-Z_\d]+$/.test(e.name)
    : e.kind === 'index' && e.object.kind === 'name' && e.index.kind !== 'literal';

/** It is, or contains, an element under a key, or a name that holds one. */
function holdsElement(e: Expression, facts: KeyedFunction): boolean {
  if (isKeyed(e, facts) || (e.kind === 'name' && facts.elements.has(e.name))) {
    return true;
  }
  return e.kind === 'conditional'
    ? holdsElement(e.then, facts) || holdsElement(e.test, facts)
    : e.kind === 'logical' && e.operands.some((operand) => holdsElement(operand, facts));
}

function noteAssignment(
  { target, value }: Assignment,
  facts: KeyedFunction,
  inLoop: boolean,
): void {
  if (target.kind === 'index' && (isKeyed(target, facts) || mayBeKey(target.index))) {
    const object = dotted(target.object);
    if (object !== null) {
      facts.writes.push({
        target,
        object,
        isKeyed: isKeyed(target, facts),
        isFinal: value.kind !== 'object' && value.kind !== 'list',
      });
    }
  }
  if (target.kind !== 'name') {
    return;
  }
  const source = value.kind === 'assign' ? value.target : value;
  const under = source.kind === 'logical' ? source.operands[0] : source;
  if (
    inLoop &&
    under?.kind === 'index' &&
    (isKeyed(under, facts) || mayBeKey(under.index)) &&
    dotted(under.object) === target.name
  ) {
    facts.descents.add(target.name);
  } else if (holdsElement(value, facts)) {
    facts.elements.add(target.name);
  } else if (isKey(value, facts) || isRestOfPath(value)) {
    facts.keys.add(target.name);
  }
}

/** `path.shift()`, `keys.slice(1)`, `path.split('.')` */
const isRestOfPath = (e: Expression): boolean =>
  e.kind === 'call' &&
  e.callee.kind === 'member' &&
  /^(shift|slice|pop|substr|substring|split)$/.test(e.callee.property) &&
  KEY_NAME.test(lastName(e.callee.object) ?? '');

/** `Object.defineProperty(target, key, ...)` */
function noteDefinition(call: Expression & { kind: 'call' }, facts: KeyedFunction): void {
  const [target, key] = call.args.map(({ value }) => value);
  const object = target && dotted(target);
  if (
    object &&
    key &&
    isKey(key, facts) &&
    /^(Object|Reflect)\.defineProperty$/.test(dotted(call.callee) ?? '')
  ) {
    facts.writes.push({ target: call, object, isKeyed: true, isFinal: true });
  }
}

function noteCall(
  call: Expression & { kind: 'call' },
  facts: KeyedFunction,
  functions: ReadonlyMap<string, KeyedFunction>,
): void {
  const name = lastName(call.callee);
  noteCallback(call, facts);
  if (name === 'shift' && isRestOfPath(call) && call.callee.kind === 'member') {
    addTo(facts.shortened, lastName(call.callee.object));
  }
  if (name === null) {
    return;
  }
  const values = call.args.map(({ value }) => value);
  noteDefinition(call, facts);
  const elements = values.filter((value) => holdsElement(value, facts));
  facts.calls.push({
    name,
    elements: elements.length,
    isParameter:
      call.callee.kind === 'name' &&
      /merge|extend|assign|copy|clone/i.test(name) &&
      facts.fn.parameters.some((parameter) => parameter.name === name),
    shortensPath: values.some(
      (value) => isRestOfPath(value) || (value.kind === 'name' && facts.shortened.has(value.name)),
    ),
  });
  const callee = functions.get(name);
  callee?.fn.parameters.forEach((parameter, index) => {
    const value = values[index];
    if (value && parameter.name !== null && holdsElement(value, facts)) {
      callee.elements.add(parameter.name);
    } else if (value && parameter.name !== null && isKey(value, facts)) {
      callee.keys.add(parameter.name);
    }
  });
}
