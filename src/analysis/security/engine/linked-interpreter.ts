import type { Expression, ModuleIr } from '../ir/ir.js';
import { type Budget, TooComplex } from './budget.js';
import { carried } from './calls/crossing.js';
import type { InvokeArguments } from './engine.js';
import { Interpreter, MAX_CALLS_DEEP, passedOn } from './interpreter.js';
import type { Callee, Links, OutsideCall } from './links.js';
import type { Knowledge } from './sinks/knowledge.js';
import { type Closure, named, type Value } from './values/value.js';

/** Where an interpreter's file stands among the others of its project. */
export interface Place {
  readonly file: string;
  readonly home: number;
  readonly links: Links;
}

/** An interpreter whose file calls others of its project, and is called by them. */
export class LinkedInterpreter extends Interpreter implements Callee {
  constructor(
    module: ModuleIr,
    knowledge: Knowledge,
    budget: Budget,
    private readonly place: Place,
  ) {
    super(module, knowledge, budget, place.home);
  }

  get file(): string {
    return this.place.file;
  }

  /** Runs what the file itself does, for those that call its functions. */
  begin(): void {
    for (const name of ['module', 'exports']) {
      this.top.declare(name, named(name));
    }
    this.execute(this.module.body, this.top);
    this.pending.clear();
  }

  /** A variable of the file. */
  variable(name: string): Value | undefined {
    return this.top.get(name);
  }

  override linked(path: string): Value | null {
    return this.place.links.open(this.file, path);
  }

  protected override laterElsewhere(
    closure: Closure,
    parameters: readonly (Value | undefined)[],
  ): void {
    this.place.links.calleeOf(closure.frame.home)?.callbackFrom(closure, parameters, 1);
  }

  protected override callElsewhere(
    closure: Closure,
    args: InvokeArguments,
    at: Expression,
    depth: number,
  ): Value {
    const callee = this.place.links.calleeOf(closure.frame.home);
    if (!callee || depth >= MAX_CALLS_DEEP) {
      return passedOn(args);
    }
    const result = callee.callFrom(this.file, { closure, args, at, depth });
    return carried(result, at, callee.file);
  }

  callFrom(caller: string, { closure, args, depth }: OutsideCall): Value {
    const { fn } = closure;
    const enter = (value: Value, index: number): Value =>
      carried(value, fn.parameters[index]?.target ?? fn, caller);
    const own = {
      positional: args.positional.map(enter),
      keywords: args.keywords,
      rest: args.rest && enter(args.rest, 0),
    };
    const self = closure.self && carried(closure.self, fn, caller);
    try {
      const result = this.call({ ...closure, self }, own, null, depth);
      this.finish(depth);
      return result;
    } catch (error) {
      if (error instanceof TooComplex && this.home !== 0) {
        return passedOn(own);
      }
      throw error;
    }
  }

  callbackFrom(closure: Closure, parameters: readonly (Value | undefined)[], depth: number): void {
    try {
      if (!this.active.has(closure.fn)) {
        this.enter(closure.fn, { closure, parameters }, depth);
        this.finish(depth);
      }
    } catch (error) {
      if (!(error instanceof TooComplex) || this.home === 0) {
        throw error;
      }
    }
  }

  /** Of another file only what a call into it sets off is run. */
  private finish(depth: number): void {
    if (this.home !== 0) {
      for (const [fn, pending] of this.pending) {
        this.pending.delete(fn);
        if (!this.active.has(fn)) {
          this.enter(fn, pending, Math.min(depth + 1, MAX_CALLS_DEEP));
        }
      }
    }
  }
}
