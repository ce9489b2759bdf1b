import type { Expression } from '../../ir/ir.js';
import type { Condition, Confidence, Selector, Sink } from '../../rule.js';
import { type ContextSet, contexts } from '../values/context.js';
import type { Engine } from '../engine.js';
import type { Place } from './knowledge.js';
import type { Origin, OriginKind } from '../values/origins.js';
import { isUnknown } from './unknown-values.js';
import { isPolynomial } from '../../regex/polynomial.js';
import { fullText, knownText } from '../values/texts.js';
import { deepOrigins } from '../values/parts.js';
import { type Value } from '../values/value.js';

/** A call, an assignment or the like, with its values, as the tables look at it. */
export interface Site {
  readonly at: Expression;
  readonly path: string;
  readonly receiver: Value | null;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** A spread may stand for anything: nothing counts as missing then. */
  readonly hasSpread: boolean;
  readonly isNew: boolean;
}

/** A site that has values and nothing else of a call. */
export const siteAt = (
  at: Expression,
  path: string,
  positional: readonly Value[],
  receiver: Value | null = null,
): Site => ({
  at,
  path,
  receiver,
  positional,
  keywords: new Map(),
  hasSpread: false,
  isNew: false,
});

/** The values a selector names. */
function select(site: Site, selector: Selector): readonly Value[] {
  if (typeof selector === 'number') {
    const value = site.positional[selector];
    return value ? [value] : [];
  }
  if (selector === '*') {
    return [...site.positional, ...site.keywords.values()];
  }
  if (selector === 'this') {
    return site.receiver ? [site.receiver] : [];
  }
  const from = /^(\d+)\+$/.exec(selector);
  if (from) {
    return site.positional.slice(Number(from[1]));
  }
  const [head = '', ...path] = selector.split('.');
  let value = /^\d+$/.test(head) ? site.positional[Number(head)] : site.keywords.get(head);
  for (const key of path) {
    value = value?.fields?.get(key);
  }
  return value ? [value] : [];
}

/** Whether something could stand where the selector looks although nothing is seen there. */
function mayBeHidden(site: Site, selector: Selector): boolean {
  if (site.hasSpread) {
    return true;
  }
  if (typeof selector !== 'string' || !/^\d+\./.test(selector)) {
    return false;
  }
  const [head = '', ...path] = selector.split('.');
  let value = site.positional[Number(head)];
  for (const key of path) {
    if (!value) {
      return false;
    }
    if (!value.isClosed) {
      return true;
    }
    value = value.fields?.get(key);
  }
  return false;
}

export function holds(condition: Condition, site: Site): boolean {
  const selectors = Array.isArray(condition.arg)
    ? (condition.arg as readonly Selector[])
    : [condition.arg as Selector];
  const values = selectors.flatMap((selector) => select(site, selector));
  if (condition.missing) {
    return values.length === 0 && !selectors.some((selector) => mayBeHidden(site, selector));
  }
  return values.some((value) => fits(condition, value));
}

function fits(condition: Condition, value: Value): boolean {
  if (condition.present) {
    return true;
  }
  if (condition.known) {
    return fullText(value) !== null;
  }
  if (condition.polynomial) {
    const pattern = value.path === 'RegExp()' ? fullText(value) : null;
    return pattern !== null && isPolynomial(pattern);
  }
  if (condition.dynamic) {
    return value.constant === undefined && fullText(value) === null;
  }
  if (condition.contains) {
    return partPaths(value).some((path) => condition.contains?.test(path));
  }
  if (value.isList && value.fields && value.constant === undefined) {
    return [...value.fields.values()].some((item) => fits(condition, item));
  }
  if (condition.below !== undefined) {
    return typeof value.constant === 'number' && value.constant < condition.below;
  }
  if (condition.is) {
    return value.constant !== undefined && condition.is.includes(value.constant);
  }
  if (condition.path) {
    return value.path !== null && condition.path.test(value.path);
  }
  const text = knownText(value) ?? undefined;
  return text !== undefined && condition.matches !== undefined && condition.matches.test(text);
}

/** Paths of a value and of what it is made of. */
function partPaths(value: Value): string[] {
  const own = [...(value.path === null ? [] : [value.path]), ...value.parts];
  const fields = value.fields
    ? [...value.fields.values()].flatMap((field) => field.path ?? [])
    : [];
  return [...own, ...fields];
}

const RANK = { low: 1, medium: 2, high: 3 } as const;

/** Tests one place of the tables against a site and reports what holds. */
export function checkPlace(engine: Engine, { rule, sink }: Place, site: Site): void {
  if (sink.isNew !== undefined && sink.isNew !== site.isNew) {
    return;
  }
  if (sink.imports && !sink.imports.some((name) => engine.module.imports.has(name))) {
    return;
  }
  if (
    sink.importsLike &&
    ![...engine.module.imports].some((name) => sink.importsLike?.test(name))
  ) {
    return;
  }
  if (sink.when && !sink.when.every((condition) => holds(condition, site))) {
    return;
  }
  if (sink.unless?.some((condition) => holds(condition, site))) {
    return;
  }
  if (!rule.flow) {
    if (!sink.receiver || sink.receiver.test(receiverName(site.path))) {
      engine.reporter.pattern(rule, sink, site.at);
    }
    return;
  }
  const trust = sink.trust ?? rule.flow.trust;
  const set = contexts(rule.flow.context);
  const selected = (sink.args ?? [0]).flatMap((selector) =>
    // A receiver is looked at itself, not at what its fields hold.
    select(site, selector).map((value) =>
      selector === 'this' ? { ...value, fields: null } : value,
    ),
  );
  for (const value of selected) {
    // An object that is answered or shown is turned into JSON, not into markup.
    const isData = rule.flow.context === 'html' && value.fields !== null && !value.isList;
    const exposed = isData ? { ...value, fields: null } : value;
    for (const origin of dangerous(exposed, set)) {
      const confidence = trust[origin.kind];
      if (confidence && isExposed(sink, value, origin.kind, site)) {
        const capped =
          sink.confidence && RANK[sink.confidence] < RANK[confidence]
            ? sink.confidence
            : confidence;
        engine.reporter.flow(rule, sink, site.at, origin, origin.isGuess ? atMost(capped) : capped);
      }
    }
    if (trust.unknown && isUnknown(engine, value, set) && isExposed(sink, value, 'unknown', site)) {
      engine.reporter.pattern(rule, { ...sink, confidence: trust.unknown }, site.at);
    }
  }
}

const atMost = (confidence: Confidence): Confidence =>
  confidence === 'high' ? 'medium' : confidence;

/** The origins that nothing has made harmless here. */
function dangerous(value: Value, set: ContextSet): readonly Origin[] {
  return deepOrigins(value).filter((origin) => (origin.clean & set) === 0);
}

const receiverName = (path: string): string => path.split('.').slice(0, -1).join('.');

function isExposed(sink: Sink, value: Value, kind: OriginKind, site: Site): boolean {
  const text = knownText(value);
  if (text !== null && sink.safeText?.test(text)) {
    return false;
  }
  const fitsText = sink.text && text !== null && sink.text.test(text);
  if (sink.needsText && sink.receiver && !sink.receiver.test(receiverName(site.path))) {
    return false;
  }
  if (sink.needsText || (sink.unknownNeedsText && (kind === 'param' || kind === 'unknown'))) {
    return fitsText === true;
  }
  if (fitsText) {
    return true;
  }
  if (sink.receiver && !sink.receiver.test(receiverName(site.path))) {
    return false;
  }
  // Text that is known and looks like something else is no flaw; a bare value may hold anything.
  return !sink.text || text === null || text === '\0';
}
