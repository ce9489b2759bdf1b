import type { Expression, ModuleIr } from '../ir/ir.js';
import { PROTOTYPE_POLLUTION } from '../rules/data/prototype-pollution.js';
import type { Check, CheckedFinding } from './check.js';
import { type KeyedFunction, keyedFunctions, reaches, type Write } from './keyed-writes.js';

type Functions = ReadonlyMap<string, KeyedFunction>;

/** Whoever mentions one of these has thought of it. */
const THOUGHT_OF =
  /__proto__|['"]constructor['"]|Object\.create\(null\)|new Map\b|isPrototype|is_?unsafe|unsafe_?(key|prop)|(is)?_?safe_?(key|prop)|pollut|blacklist|forbidden|deny_?list|allowed_?keys|valid_?key/i;

/**
 * Functions written by hand that let keys of the caller's choice reach an object's prototype: deep merges, which copy
 * keys and call themselves for the objects below, and setters that walk down a path.
 */
export const findRecursiveMerges: Check = (module: ModuleIr, text: string): CheckedFinding[] => {
  if (module.language !== 'javascript' || !/[\w)\]'"`]\]\s*=[^=]|\.defineProperty\(/.test(text)) {
    return [];
  }
  const functions = keyedFunctions(module.body);
  const found: CheckedFinding[] = [];
  for (const facts of functions.values()) {
    const set = setsByPath(facts);
    const place = set ?? (merges(facts, functions) ? lastOf(strict(facts.writes)) : null);
    if (place && !isThoughtOf(facts, functions, text, set !== null)) {
      found.push({
        rule: PROTOTYPE_POLLUTION,
        start: place.start,
        end: place.end,
        confidence: 'medium',
      });
    }
  }
  return found;
};

/** Tells objects apart or copies them: what it says of `constructor` is not about keys. */
const ABOUT_OBJECTS = /plain|is_?obj|is_?arr|clone|copy|type/i;
/** Where functions count as objects, `constructor.prototype` leads to the prototype as well. */
const FUNCTIONS_TOO = /===? ?['"]function['"][^;]*===? ?['"]object['"]/;

/** A list of refused keys anywhere in the file. */
const REFUSED_KEYS =
  /['"]__proto__['"],?\s[^;]{0,60}['"](constructor|prototype)['"]|['"](constructor|prototype)['"],?\s[^;]{0,60}['"]__proto__['"]/;

/** By the function itself or by one that it calls. */
function isThoughtOf(
  facts: KeyedFunction,
  functions: Functions,
  text: string,
  walksPath: boolean,
): boolean {
  const mentions = ({ fn }: KeyedFunction): boolean => {
    const own = text.slice(fn.start, fn.end);
    const isHalf =
      /__proto__/.test(own) &&
      !THOUGHT_OF.test(own.replaceAll('__proto__', '')) &&
      !/constructor|prototype/i.test(own);
    return THOUGHT_OF.test(own) && !(isHalf && (walksPath || FUNCTIONS_TOO.test(text)));
  };
  return (
    mentions(facts) ||
    asksForOwn(facts, text) ||
    REFUSED_KEYS.test(text) ||
    facts.calls.some(({ name }) => {
      const callee = ABOUT_OBJECTS.test(name) ? undefined : functions.get(name);
      return callee !== undefined && callee !== facts && mentions(callee);
    })
  );
}

/** Goes on only in what the object that is written has itself: `__proto__` is none of that. */
function asksForOwn({ fn, writes, descents }: KeyedFunction, text: string): boolean {
  const own = text.slice(fn.start, fn.end);
  const objects = new Set([...descents, ...writes.map(({ object }) => object)]);
  return [...objects].some(
    (object) =>
      own.includes(`${object}.hasOwnProperty(`) ||
      own.includes(`hasOwnProperty.call(${object},`) ||
      new RegExp(
        `\\b(Object\\.hasOwn|has_?own\\w*|has\\.call)\\(\\s*${escaped(object)}\\s*,`,
        'i',
      ).test(own),
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** It calls itself, perhaps through others, for an element of each of two objects. */
function merges({ name, calls }: KeyedFunction, functions: Functions): boolean {
  return calls.some(
    (call) =>
      call.elements >= 2 &&
      (call.isParameter ||
        call.name === name ||
        (name !== null && reaches(functions, call.name, name))),
  );
}

/** `target = target[key]` in a loop, or a call of itself for `target[key]` and what is left of the path. */
function setsByPath({ name, writes, descents, calls }: KeyedFunction): Expression | null {
  const descended = writes.filter(({ object }) => descents.has(object));
  const recurses = calls.some(
    (call) => call.name === name && call.elements >= 1 && call.shortensPath,
  );
  return lastOf(descended) ?? (recurses ? lastOf(strict(writes)) : null);
}

const strict = (writes: readonly Write[]): readonly Write[] =>
  writes.filter(({ isKeyed }) => isKeyed);

/** Where a value of the caller's is written, or else an object to hold it. */
const lastOf = (writes: readonly Write[]): Expression | null =>
  (writes.filter(({ isFinal }) => isFinal).pop() ?? writes[0])?.target ?? null;
