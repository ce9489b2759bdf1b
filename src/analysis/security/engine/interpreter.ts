import type { ClassIr, Expression, FunctionIr, ModuleIr, Statement } from '../ir/ir.js';
import type { CallRecords } from './calls/call-records.js';
import { type Engine, type InvokeArguments, TooComplex } from './engine.js';
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
import { signature } from './values/signature.js';
import { unknownParameters } from './calls/parameters.js';
import { Reporter } from './sinks/reporter.js';
import { checkPlace, siteAt } from './sinks/sinks.js';
import { executeStatement, storeInto } from './statements.js';

/** Calls followed into one another. */
const MAX_CALLS_DEEP = 5;

export interface Limits {
  /** Expressions evaluated per file. */
  readonly maxSteps: number;
  /** Milliseconds since some fixed point, and when to stop on that clock. */
  readonly now: () => number;
  readonly deadline: number;
}

interface Pending {
  readonly closure: Closure;
  parameters: readonly (Value | undefined)[] | undefined;
}

/**
 * Runs a file with abstract values: the module first, then every function once with unknown parameters, and functions
 * of the file again where they are called with something known.
 */
export class Interpreter implements Engine {
  readonly reporter = new Reporter();
  readonly calls: CallRecords = new Map();
  private readonly pending = new Map<FunctionIr, Pending>();
  private readonly active = new Set<FunctionIr>();
  private readonly results = new Map<string, Value>();
  private readonly selves = new Map<ClassIr, Value>();
  private steps = 0;

  constructor(
    readonly module: ModuleIr,
    readonly knowledge: Knowledge,
    private readonly limits: Limits,
  ) {}

  /** @throws TooComplex when the limits are reached; the reporter keeps what was found. */
  run(): void {
    const frame = new Frame(null, null, 0);
    this.execute(this.module.body, frame);
    // A map grows while it is walked: functions inside functions come last.
    for (const [fn, pending] of this.pending) {
      this.enter(fn, pending);
    }
  }

  evaluate(expression: Expression, frame: Frame): Value {
    this.steps += 1;
    if (
      this.steps > this.limits.maxSteps ||
      (this.steps % 1024 === 0 && this.limits.now() > this.limits.deadline)
    ) {
      throw new TooComplex();
    }
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
        this.declareClass(statement.declaration, frame);
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

  later(closure: Closure, parameters?: readonly (Value | undefined)[]): void {
    const known = this.pending.get(closure.fn);
    if (!known) {
      this.pending.set(closure.fn, { closure, parameters });
    } else if (parameters) {
      known.parameters = parameters;
    }
  }

  private get selfName(): string {
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

  private checkDecorators(fn: { decorators: readonly Expression[] }, frame: Frame): void {
    for (const decorator of fn.decorators) {
      const value = this.evaluate(decorator, frame);
      const site = siteAt(decorator, value.path ?? '?', []);
      this.knowledge.decorators.match(site.path).forEach((place) => checkPlace(this, place, site));
    }
  }

  private declareClass(declaration: ClassIr, frame: Frame): void {
    const value: Value = { ...named(declaration.name ?? 'class'), classOf: { declaration, frame } };
    if (declaration.name !== null) {
      frame.declare(declaration.name, value);
    }
    declaration.bases.forEach((base) => this.evaluate(base, frame));
    this.checkDecorators(declaration, frame);
    // Its body runs in a frame of its own; what it assigns are fields of every instance.
    const body = new Frame(null, frame, frame.depth);
    let self: Value = { ...named(this.selfName), classOf: { declaration, frame } };
    body.declare('this', self);
    this.execute(declaration.body, body);
    self = body.get('this') ?? self;
    const fields = new Map(self.fields ?? []);
    for (const [name, field] of body.layer.own) {
      if (name !== 'this') {
        fields.set(name, field);
      }
    }
    this.selves.set(declaration, { ...self, fields });
    const constructors = declaration.methods.filter(
      ({ name }) => name === 'constructor' || name === '__init__',
    );
    for (const fn of [
      ...constructors,
      ...declaration.methods.filter((method) => !constructors.includes(method)),
    ]) {
      this.checkDecorators(fn, frame);
      this.later({ fn, frame, self: null, owner: declaration });
    }
  }

  /** Analyses a function that anything may call. */
  private enter(fn: FunctionIr, { closure, parameters }: Pending): void {
    const { owner } = closure;
    const self = closure.self ?? (owner ? (this.selves.get(owner) ?? null) : null);
    const frame = new Frame(fn, closure.frame, 0);
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
    const { fn, owner } = closure;
    this.record(fn, args, owner !== null);
    if (this.active.has(fn) || frame.depth >= MAX_CALLS_DEEP) {
      // Too deep to follow: what goes in may come out.
      return dynamic(args.positional.flatMap((value) => deepOrigins(value)).slice(0, 5));
    }
    const self = closure.self ?? (owner ? (this.selves.get(owner) ?? null) : null);
    const key = this.keyOf(fn, args, self);
    const known = this.results.get(key);
    if (known) {
      return known;
    }
    const inner = new Frame(fn, closure.frame, frame.depth + 1);
    const isBound = this.module.language === 'python' && fn.isMethod && !fn.isStatic;
    fn.parameters.forEach((parameter, index) => {
      const position = isBound ? index - 1 : index;
      const value = this.argument(fn, index, position, args, self, closure);
      this.store(parameter.target, withSteps(value, at), inner, true);
    });
    const after = this.body(fn, inner, self, owner);
    const isConstructor = fn.name === 'constructor' || fn.name === '__init__';
    const result = (isConstructor ? after : inner.returned) ?? UNKNOWN;
    this.results.set(key, result);
    return result;
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

  private record(fn: FunctionIr, args: InvokeArguments, isMethod: boolean): void {
    const record = this.calls.get(fn) ?? { calls: 0, dynamicParameters: new Set<number>() };
    record.calls += 1;
    const shift = isMethod && this.module.language === 'python' && !fn.isStatic ? 1 : 0;
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
    if (fn.isExported && (this.module.language === 'javascript' || isMethod)) {
      fn.parameters.forEach((_, index) => record.dynamicParameters.add(index));
    }
    this.calls.set(fn, record);
  }

  private keyOf(fn: FunctionIr, args: InvokeArguments, self: Value | null): string {
    const values = [
      ...args.positional,
      ...args.keywords.values(),
      ...(args.rest ? [args.rest] : []),
    ];
    return `${fn.start}|${[...args.keywords.keys()].join()}|${self ? signature(self, 2) : ''}|${values.map((value) => signature(value, 2)).join('|')}`;
  }
}
