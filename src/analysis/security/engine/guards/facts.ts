import type { Expression } from '../../ir/ir.js';
import { contexts, type ContextSet, EVERYTHING } from '../values/context.js';
import type { Engine } from '../engine.js';
import type { Frame } from '../values/value.js';
import type { Value } from '../values/value.js';

/** Something a test proves: the value at `target` is harmless in `set`. */
export interface Fact {
  readonly target: Expression;
  readonly set: ContextSet;
  /** Only for paths that were made absolute before. */
  readonly needsResolved?: boolean;
}

export interface Facts {
  readonly whenTrue: readonly Fact[];
  readonly whenFalse: readonly Fact[];
}

export const NONE: Facts = { whenTrue: [], whenFalse: [] };
const URL_PARTS = new Set(['hostname', 'host', 'netloc', 'origin', 'port']);
export const URL_SETS = contexts('url', 'redirect');

export const positive = (facts: readonly Fact[], holdsWhen: boolean): Facts =>
  holdsWhen ? { whenTrue: facts, whenFalse: [] } : { whenTrue: [], whenFalse: facts };

/** A guard on a URL's host vouches for the URL it was parsed from. */
export function hostFacts(engine: Engine, target: Expression, frame: Frame): Fact[] {
  const facts: Fact[] = [{ target, set: EVERYTHING }];
  const member =
    target.kind === 'call' && target.callee.kind === 'member' ? target.callee.object : target;
  const part = member.kind === 'member' ? member : null;
  const held = target.kind === 'name' ? frame.get(target.name) : undefined;
  if (held?.madeFrom && /\)\.(hostname|host|origin)$/.test(held.path ?? '')) {
    // `const { hostname } = new URL(address)`
    facts.push({ target: held.madeFrom, set: URL_SETS });
  }
  const known = target.kind === 'name' ? frame.get(target.name)?.madeFrom : null;
  if (known && known.kind === 'member') {
    return [...facts, ...hostFacts(engine, known, frame).slice(1)];
  }
  if (part && URL_PARTS.has(part.property)) {
    facts.push({ target: part.object, set: URL_SETS });
    const madeFrom =
      part.object.kind === 'name'
        ? frame.get(part.object.name)?.madeFrom
        : part.object.kind === 'call'
          ? part.object.args[0]?.value
          : null;
    if (madeFrom) {
      facts.push({ target: madeFrom, set: URL_SETS });
    }
  }
  return facts;
}

export function isTrustedList(list: Value): boolean {
  return (
    list.origins.length === 0 && (list.constant === undefined || typeof list.constant === 'string')
  );
}

/** What holds of a text that does not contain this part: no way up in a path, no end of a quoted literal. */
export function withoutPart(target: Expression, part: unknown): Fact[] {
  if (typeof part !== 'string') {
    return [];
  }
  if (/^(\.\.[/\\]?|[/\\])$/.test(part)) {
    return [{ target, set: contexts('path', 'archive') }];
  }
  if (part === "'" || part === '"') {
    return [{ target, set: contexts('sql', 'xpath', 'code') }];
  }
  return /^[\r\n]$/.test(part) ? [{ target, set: contexts('log', 'header') }] : [];
}
