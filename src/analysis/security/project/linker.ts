import { type Budget, TooComplex } from '../engine/budget.js';
import { LinkedInterpreter } from '../engine/linked-interpreter.js';
import type { Callee, Links } from '../engine/links.js';
import type { Knowledge } from '../engine/sinks/knowledge.js';
import type { Reporter } from '../engine/sinks/reporter.js';
import { join, UNKNOWN, type Value } from '../engine/values/value.js';
import type { ExportIr, ModuleIr } from '../ir/ir.js';
import { ImportGraph } from './import-graph.js';
import type { Project } from './project.js';

/**
 * Expressions evaluated in all other files together: ten times what files need that call others. Those that call what
 * calls itself, such as an interpreter, reach any limit.
 */
const MAX_STEPS = 50_000;
/** A name handed on from file to file. */
const MAX_RELAYS = 4;

interface Opened {
  readonly interpreter: LinkedInterpreter;
  readonly module: ModuleIr;
  readonly exports: Value;
}

/**
 * The other files of a project, as one file sees them: each is run when something of it is called, and anew for each
 * file that is analysed, so that what is found there depends on that file and its imports alone.
 */
export class Linker implements Links {
  private readonly opened = new Map<string, Opened | null>();
  private readonly values = new Map<string, Value | null>();
  private readonly callees: LinkedInterpreter[] = [];
  private readonly graph: ImportGraph;
  private readonly budget: Budget;

  constructor(
    private readonly project: Project,
    private readonly root: string,
    private readonly knowledge: Knowledge,
    budget: Budget,
  ) {
    const visible = new Set([...project.reachable(root), root]);
    // Among these alone: what an import means must not depend on files that have no part in the answer.
    this.graph = new ImportGraph((file) => (visible.has(file) ? project.text(file) : undefined));
    this.budget = budget.part(MAX_STEPS);
  }

  /** The analysis itself: its functions are called back from other files. */
  set home(interpreter: LinkedInterpreter) {
    this.callees[0] = interpreter;
  }

  calleeOf(home: number): Callee | undefined {
    return this.callees[home];
  }

  /** What was found in other files, by file. */
  *reports(): Iterable<{ file: string; reporter: Reporter }> {
    for (const { file, reporter } of this.callees.slice(1)) {
      yield { file, reporter };
    }
  }

  open(file: string, path: string): Value | null {
    const key = `${file}\n${path}`;
    const known = this.values.get(key);
    if (known !== undefined) {
      return known;
    }
    const value = this.follow(file, path, MAX_RELAYS);
    this.values.set(key, value);
    return value;
  }

  private follow(from: string, path: string, relays: number): Value | null {
    for (const [specifier, members] of splits(path)) {
      const file = this.graph.resolve(from, specifier);
      if (file !== null) {
        return this.exported(file, members, relays);
      }
    }
    return null;
  }

  private exported(file: string, members: readonly string[], relays: number): Value | null {
    const opened = file === this.root ? null : this.openFile(file);
    if (!opened || relays === 0) {
      return null;
    }
    const [name, ...rest] = members;
    const declared = this.declared(opened, file, name ?? 'default', relays);
    const whole = opened.exports;
    const value =
      declared ??
      (name === undefined
        ? (whole.fields?.get('default') ?? whole)
        : (whole.fields?.get(name) ?? this.memberOfDefault(opened, name)));
    return value ? this.settled(value, file, rest, relays) : null;
  }

  private memberOfDefault({ interpreter, module }: Opened, name: string): Value | null {
    const local = localOf(module.exports ?? [], 'default');
    return (local === null ? null : interpreter.variable(local)?.fields?.get(name)) ?? null;
  }

  /** By `export`, or by another file that this one hands on. */
  private declared(
    { interpreter, module }: Opened,
    file: string,
    name: string,
    relays: number,
  ): Value | null {
    for (const entry of module.exports ?? []) {
      if ('local' in entry && entry.name === name) {
        return interpreter.variable(entry.local) ?? null;
      }
      if ('from' in entry && entry.from.startsWith('.') && (entry.name ?? name) === name) {
        const inner = entry.name === null ? name : entry.imported;
        const path = inner === null || inner === 'default' ? entry.from : `${entry.from}.${inner}`;
        const value = this.follow(file, path, relays - 1);
        if (value) {
          return value;
        }
      }
    }
    return null;
  }

  /** Members of a value, which may itself come from another file. */
  private settled(
    value: Value,
    file: string,
    members: readonly string[],
    relays: number,
  ): Value | null {
    if (!value.closure && !value.classOf && value.path?.startsWith('.')) {
      return this.follow(file, [value.path, ...members].join('.'), relays - 1);
    }
    const [member, ...rest] = members;
    if (member === undefined) {
      return value;
    }
    const field = value.fields?.get(member);
    return field ? this.settled(field, file, rest, relays) : null;
  }

  private openFile(file: string): Opened | null {
    const known = this.opened.get(file);
    if (known !== undefined) {
      return known;
    }
    // Of two files that import each other the second sees nothing of the first while it begins.
    this.opened.set(file, null);
    const opened = this.start(file);
    this.opened.set(file, opened);
    return opened;
  }

  private start(file: string): Opened | null {
    const module = this.project.moduleOf(file);
    if (!module) {
      return null;
    }
    const home = this.callees.length;
    const place = { file, home, links: this };
    const interpreter = new LinkedInterpreter(module, this.knowledge, this.budget, place);
    this.callees.push(interpreter);
    try {
      interpreter.begin();
    } catch (error) {
      if (error instanceof TooComplex || error instanceof RangeError) {
        return null;
      }
      throw error;
    }
    const exports = [
      interpreter.variable('module')?.fields?.get('exports'),
      interpreter.variable('exports'),
    ].reduce<Value>((all, value) => (value ? join(all, value) : all), UNKNOWN);
    return { interpreter, module, exports };
  }
}

/** `./a.b.run` may be `run` of `./a.b`, or `b.run` of `./a`: the longest name first. */
function* splits(path: string): Iterable<readonly [specifier: string, members: readonly string[]]> {
  const from = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, from);
  const parts = path.slice(from).split('.');
  for (let count = parts.length; count > 0; count -= 1) {
    yield [folder + parts.slice(0, count).join('.'), parts.slice(count)];
  }
}

function localOf(exports: readonly ExportIr[], name: string): string | null {
  const entry = exports.find((other) => other.name === name);
  return entry && 'local' in entry ? entry.local : null;
}
