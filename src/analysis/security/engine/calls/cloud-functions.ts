import type { FunctionIr, ModuleIr } from '../../ir/ir.js';
import type { Engine } from '../engine.js';
import { NOTHING } from '../values/context.js';
import { dynamic, type Value } from '../values/value.js';

const isNamedEvent = (fn: FunctionIr): boolean => fn.parameters[0]?.name === 'event';

/**
 * What a function of AWS Lambda or the like gets first: whoever triggers it writes all of the event. Null for any other
 * function: in a browser `event` is something else.
 */
export function cloudEvent(fn: FunctionIr, { language }: ModuleIr): Value | null {
  const isHandler =
    /^_?(context|ctx)$/.test(fn.parameters[1]?.name ?? '') ||
    (fn.name === 'handler' && fn.isExported);
  return language === 'javascript' && !fn.isMethod && isNamedEvent(fn) && isHandler
    ? eventOf(fn)
    : null;
}

/** `exports.handler = async (event) => ...`: only where it is stored says what it is. */
export function noteHandler(engine: Engine, storedAs: string, { closure }: Value): void {
  if (
    closure &&
    engine.module.language === 'javascript' &&
    closure.fn.name === null &&
    isNamedEvent(closure.fn) &&
    /(^|\.)handler$/.test(storedAs)
  ) {
    engine.later(closure, [eventOf(closure.fn)]);
  }
}

function eventOf({ parameters, start, end }: FunctionIr): Value {
  const at = parameters[0]?.target ?? { start, end };
  const step = { start: at.start, end: at.end, previous: null, length: 1 };
  return dynamic([{ kind: 'request', clean: NOTHING, step }], '$event');
}
