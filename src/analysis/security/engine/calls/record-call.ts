import type { FunctionIr, Language } from '../../ir/ir.js';
import type { InvokeArguments } from '../engine.js';
import { deepOrigins } from '../values/parts.js';
import { signature } from '../values/signature.js';
import type { Closure, Value } from '../values/value.js';
import type { CallRecords } from './call-records.js';

/** Notes a call, and which of its parameters get a dynamic value. */
export function recordCall(
  records: CallRecords,
  language: Language,
  { fn, owner }: Closure,
  args: InvokeArguments,
): void {
  const isMethod = owner !== null;
  const record = records.get(fn) ?? { calls: 0, dynamicParameters: new Set<number>() };
  record.calls += 1;
  const shift = isMethod && language === 'python' && !fn.isStatic ? 1 : 0;
  const mark = (value: Value, index: number): void => {
    if (deepOrigins(value).length > 0) {
      record.dynamicParameters.add(index);
    }
  };
  args.positional.forEach((value, index) => mark(value, index + shift));
  fn.parameters.forEach(({ name }, index) => {
    const value = name === null ? undefined : args.keywords.get(name);
    if (value) {
      mark(value, index);
    }
  });
  if (args.rest) {
    fn.parameters.forEach((_, index) => args.rest && mark(args.rest, index));
  }
  // From outside it may be called with anything, whatever this file does.
  if (fn.isExported && (language === 'javascript' || isMethod)) {
    fn.parameters.forEach((_, index) => record.dynamicParameters.add(index));
  }
  records.set(fn, record);
}

/** Equal for calls of a function that it can't tell apart. */
export function callKey(fn: FunctionIr, args: InvokeArguments, self: Value | null): string {
  const values = [...args.positional, ...args.keywords.values(), ...(args.rest ? [args.rest] : [])];
  return `${fn.start}|${[...args.keywords.keys()].join()}|${self ? signature(self, 2) : ''}|${values.map((value) => signature(value, 2)).join('|')}`;
}
