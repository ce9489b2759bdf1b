import type { Value } from './values/value.js';
import type { Closure } from './values/value.js';
import type { Expression } from '../ir/ir.js';
import type { InvokeArguments } from './engine.js';

/** An interpreter of another file, as those see it that call into it. */
export interface Callee {
  readonly file: string;
  /** Runs a function of its file, called from another one. */
  callFrom(caller: string, call: OutsideCall): Value;
  /** Has a function of its file analysed with these parameters. */
  callbackFrom(closure: Closure, parameters: readonly (Value | undefined)[], depth: number): void;
}

export interface OutsideCall {
  readonly closure: Closure;
  readonly args: InvokeArguments;
  readonly at: Expression;
  readonly depth: number;
}

/** The way from one file of a project into the others. */
export interface Links {
  /** What a path such as `./shell.run` means where `file` writes it. */
  open(file: string, path: string): Value | null;
  calleeOf(home: number): Callee | undefined;
}
