import type { ClassIr, Expression, FunctionIr, ModuleIr, Statement } from '../ir/ir.js';
import type { CallRecords } from './calls/call-records.js';
import { callKey, recordCall } from './calls/record-call.js';
import type { Budget } from './budget.js';
import { declareClass } from './classes.js';
import type { Engine, InvokeArguments } from './engine.js';
import { evaluateExpression, memberOf } from './expressions.js';
import { Frame } from './values/value.js';
import { deepOrigins } from './values/parts.js';
import {
  type Closure,
  dynamic,
  join,
  named,
  UNKNOWN,
  type Value,
  withSteps,
} from './values/value.js';
import type { Knowledge } from './sinks/knowledge.js';
import { unknownParameters } from './calls/parameters.js';
import { Reporter } from './sinks/reporter.js';
import { checkPlace, siteAt } from './sinks/sinks.js';
import { executeStatement, storeInto } from './statements.js';

/** Calls followed into one another. */
export const MAX_CALLS_DEEP = 5;
/** How often a function made by a call is run on that call's values. */
const MAX_MADE = 3;

/** What goes in may come out. */
export const passedOn = (args: InvokeArguments): Value =>
  dynamic(args.positional.flatMap((value) => deepOrigins(value)).slice(0, 5));

export interface Pending {
  readonly closure: Closure;
  parameters: readonly (Value | undefined)[] | undefined;
}

/**
 * Runs a file with abstract values: the module first, then every function once with unknown parameters, and functions
 * of the file again where they are called with something known.
 */
export class Interpreter implements Engine {
  readonly reporter: Reporter;
  readonly calls: CallRecords = new Map();
  protected readonly pending = new Map<FunctionIr, Pending>();
  protected readonly active = new Set<FunctionIr>();
  private readonly results = new Map<string, Value>();
  readonly selves = new Map<ClassIr, Value>();
  /** Functions made while one runs on values from outside: they are run on these as well. */
  private made: Closure[] | null = null;
  private readonly madeRuns = new Map<FunctionIr, number>();
  protected readonly top: Frame;

  constructor(
    readonly module: ModuleIr,
    readonly knowledge: Knowledge,
    private readonly budget: Budget,
    readonly home = 0,
  ) {
    this.top = new Frame(null, null, 0, home);
    this.reporter = new Reporter(home !== 0);
  }

  /** @throws TooComplex when the limits are reached; the reporter keeps what was found. */
  run(): void {
    this.execute(this.module.body, this.top);
    // A map grows while it is walked: functions inside functions come last.
    for (const [fn, pending] of this.pending) {
      this.enter(fn, pending, 0);
    }
  }

  evaluate(expression: Expression, frame: Frame): Value {
    this.budget.spend();
    return evaluateExpression(this, expression, frame);
  }

  execute(body: readonly Statement[], frame: Frame): void {
    for (const statement of body) {
      if (statement.kind === 'function') {
        this.declare(statement.fn, frame);
      }
    }
    for (const statement of body) {
      if (statement.kind === 'class') {
        declareClass(this, statement.declaration, frame);
      } else {
        executeStatement(this, statement, frame);
      }
    }
  }

  store(target: Expression, value: Value, frame: Frame, declares: boolean): void {
    storeInto(this, target, value, frame, declares);
  }

  member(object: Value, property: string, at: Expression): Value {
    return memberOf(this, object, property, at);
  }

  /** Without a project there is no other file. */
  linked(_path: string): Value | null {
    return null;
  }

  later(closure: Closure, parameters?: readonly (Value | undefined)[]): void {
    if (closure.frame.home !== this.home) {
      if (parameters) {
        this.laterElsewhere(closure, parameters);
      }
      return;
    }
    if (this.made && !parameters) {
      this.made.push(closure);
    }
    const known = this.pending.get(closure.fn);
    if (!known) {
      this.pending.set(closure.fn, { closure, parameters });
    } else if (parameters) {
      known.parameters = parameters;
    }
  }

  get selfName(): string {
    return this.module.language === 'python' ? 'self' : 'this';
  }

  private declare(fn: FunctionIr, frame: Frame): void {
    const closure = { fn, frame, self: null, owner: null };
    if (fn.name !== null) {
      frame.declare(fn.name, { ...named(fn.name), closure });
    }
    this.checkDecorators(fn, frame);
    this.later(closure);
  }

  checkDecorators(fn: { decorators: readonly Expression[] }, frame: Frame): void {
    for (const decorator of fn.decorators) {
      const value = this.evaluate(decorator, frame);
      const site = siteAt(decorator, value.path ?? '?', []);
      this.knowledge.decorators.match(site.path).forEach((place) => checkPlace(this, place, site));
    }
  }

  /** Analyses a function that anything may call. */
  protected enter(fn: FunctionIr, { closure, parameters }: Pending, depth: number): void {
    const { owner } = closure;
    const self = closure.self ?? (owner ? (this.selves.get(owner) ?? null) : null);
    const frame = new Frame(fn, closure.frame, depth);
    const unknown = unknownParameters(this, fn, self, owner, frame);
    fn.parameters.forEach((parameter, index) => {
      const given = parameters?.[index];
      const value = given ?? unknown[index] ?? UNKNOWN;
      if (parameter.fallback) {
        this.evaluate(parameter.fallback, closure.frame);
      }
      this.store(parameter.target, value, frame, true);
    });
    this.body(fn, frame, self, owner);
  }

  private body(
    fn: FunctionIr,
    frame: Frame,
    self: Value | null,
    owner: ClassIr | null,
  ): Value | null {
    if (self && !fn.inheritsThis && this.module.language === 'javascript') {
      frame.declare('this', self);
    }
    this.active.add(fn);
    try {
      this.execute(fn.body, frame);
    } finally {
      this.active.delete(fn);
    }
    const selfName = this.module.language === 'javascript' ? 'this' : fn.parameters[0]?.name;
    const after = owner && fn.isMethod && selfName ? frame.layer.get(selfName) : undefined;
    if (owner && after) {
      const before = this.selves.get(owner);
      const path = before?.path ?? 'this';
      this.selves.set(owner, before ? { ...join(before, after), path } : after);
    }
    return after ?? null;
  }

  invoke(closure: Closure, args: InvokeArguments, at: Expression, frame: Frame): Value {
    return closure.frame.home === this.home
      ? this.call(closure, args, at, frame.depth)
      : this.callElsewhere(closure, args, at, frame.depth);
  }

  protected call(
    closure: Closure,
    args: InvokeArguments,
    at: Expression | null,
    depth: number,
  ): Value {
    const { fn, owner } = closure;
    recordCall(this.calls, this.module.language, closure, args);
    if (this.active.has(fn) || depth >= MAX_CALLS_DEEP) {
      // Too deep to follow: what goes in may come out.
      return passedOn(args);
    }
    const self = closure.self ?? (owner ? (this.selves.get(owner) ?? null) : null);
    const key = callKey(fn, args, self);
    const known = this.results.get(key);
    if (known) {
      return known;
    }
    const inner = new Frame(fn, closure.frame, depth + 1);
    const isBound = this.module.language === 'python' && fn.isMethod && !fn.isStatic;
    fn.parameters.forEach((parameter, index) => {
      const position = isBound ? index - 1 : index;
      const value = this.argument(fn, index, position, args, self, closure);
      this.store(parameter.target, at ? withSteps(value, at) : value, inner, true);
    });
    const after = this.withMade(args, depth, () => this.body(fn, inner, self, owner));
    const isConstructor = fn.name === 'constructor' || fn.name === '__init__';
    const result = (isConstructor ? after : inner.returned) ?? UNKNOWN;
    this.results.set(key, result);
    return result;
  }

  /** Runs `body`, and after it the functions that it made, such as callbacks: they see its values. */
  private withMade<T>(args: InvokeArguments, depth: number, body: () => T): T {
    const isFromOutside = [...args.positional, ...args.keywords.values()].some((value) =>
      deepOrigins(value).some(({ kind }) => kind !== 'param'),
    );
    const before = this.made;
    this.made = isFromOutside ? [] : null;
    try {
      const result = body();
      const made = this.made ?? [];
      this.made = null;
      for (const closure of made) {
        const runs = this.madeRuns.get(closure.fn) ?? 0;
        if (!this.active.has(closure.fn) && runs < MAX_MADE) {
          this.madeRuns.set(closure.fn, runs + 1);
          this.enter(closure.fn, { closure, parameters: undefined }, depth + 1);
        }
      }
      return result;
    } finally {
      this.made = before;
    }
  }

  /** Runs a function of another file of the project. */
  protected callElsewhere(
    _closure: Closure,
    args: InvokeArguments,
    _at: Expression,
    _depth: number,
  ): Value {
    return passedOn(args);
  }

  /** Has a function of another file analysed with these parameters. */
  protected laterElsewhere(_closure: Closure, _given: readonly (Value | undefined)[]): void {
    // Nothing to do.
  }

  private argument(
    fn: FunctionIr,
    index: number,
    position: number,
    args: InvokeArguments,
    self: Value | null,
    closure: Closure,
  ): Value {
    const parameter = fn.parameters[index];
    if (position < 0) {
      return self ?? named('self');
    }
    if (parameter?.isRest) {
      const rest = args.positional.slice(position);
      return dynamic(
        [...rest, ...args.keywords.values()].flatMap((value) => deepOrigins(value)).slice(0, 5),
      );
    }
    const given =
      args.positional[position] ?? args.keywords.get(parameter?.name ?? '') ?? args.rest ?? null;
    return (
      given ?? (parameter?.fallback ? this.evaluate(parameter.fallback, closure.frame) : UNKNOWN)
    );
  }
}
