import type { Expression, ModuleIr, Statement } from '../ir/ir.js';
import type { Frame } from './values/value.js';
import type { Closure, Value } from './values/value.js';
import type { Knowledge } from './sinks/knowledge.js';
import type { Reporter } from './sinks/reporter.js';

/** What the parts of the interpreter need of each other. */
export interface Engine {
  readonly module: ModuleIr;
  readonly knowledge: Knowledge;
  readonly reporter: Reporter;
  /** Of this file's frames. */
  readonly home: number;
  evaluate(expression: Expression, frame: Frame): Value;
  execute(body: readonly Statement[], frame: Frame): void;
  /** Assigns to a name, a member, an element or a pattern of them. */
  store(target: Expression, value: Value, frame: Frame, declares: boolean): void;
  member(object: Value, property: string, at: Expression): Value;
  /** Runs a function of this file with known arguments. */
  invoke(closure: Closure, args: InvokeArguments, at: Expression, frame: Frame): Value;
  /** What a path into another file of the project means there, such as `./shell.run`; null where that is not known. */
  linked(path: string): Value | null;
  /** Has a function analysed after the rest, its parameters unknown but for those given. */
  later(closure: Closure, parameters?: readonly (Value | undefined)[]): void;
}

export interface InvokeArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** From a spread: stands for any parameter not given otherwise. */
  readonly rest: Value | null;
}
