import { alwaysLeaves } from '../ir/build.js';
import type { Expression, Statement } from '../ir/ir.js';
import type { Engine } from './engine.js';
import { type Frame, type Layer } from './values/value.js';
import { joinOrigins } from './values/origins.js';
import { fullText } from './values/texts.js';
import { deepOrigins, elementOf, withField } from './values/parts.js';
import { dynamic, join, named, UNKNOWN, type Value, withSteps } from './values/value.js';
import { decided } from './folding.js';
import { applyFacts, factsOf } from './guards/guards.js';
import { noteHandler } from './calls/cloud-functions.js';
import { answersRequests } from './calls/parameters.js';
import { checkPlace, siteAt } from './sinks/sinks.js';
import { spokenOf } from './spoken-names.js';

/** Runs one statement on a frame. */
export function executeStatement(engine: Engine, s: Statement, frame: Frame): void {
  switch (s.kind) {
    case 'expression':
      engine.evaluate(s.value, frame);
      return;
    case 'assign': {
      const value = engine.evaluate(s.value, frame);
      const old = s.augments ? engine.evaluate(s.target, frame) : null;
      engine.store(
        s.target,
        old ? appended(old, value, s) : withSteps(value, s),
        frame,
        s.declares,
      );
      return;
    }
    case 'if':
      conditional(engine, s, frame);
      return;
    case 'loop':
      loop(engine, s, frame);
      return;
    case 'try':
      tryBlock(engine, s, frame);
      return;
    case 'with':
      for (const { value, target } of s.items) {
        const result = engine.evaluate(value, frame);
        if (target) {
          engine.store(target, result, frame, true);
        }
      }
      engine.execute(s.body, frame);
      return;
    case 'return': {
      const value = s.value ? engine.evaluate(s.value, frame) : UNKNOWN;
      checkAnswer(engine, s, value, frame);
      frame.returned = frame.returned ? join(frame.returned, value) : value;
      frame.layer.isDead = true;
      return;
    }
    case 'throw':
      if (s.value) {
        engine.evaluate(s.value, frame);
      }
      frame.layer.isDead = true;
      return;
    case 'jump':
      frame.jump();
      return;
    case 'block':
      engine.execute(s.body, frame);
      return;
    case 'import':
      for (const { local, path } of s.bindings) {
        frame.declare(local, named(path));
      }
      return;
    case 'function':
    case 'class':
      // Declared when the block began.
      return;
  }
}

function appended(old: Value, added: Value, at: Statement): Value {
  const text = old.text || added.text ? [...(old.text ?? [null]), ...(added.text ?? [null])] : null;
  return withSteps(
    {
      ...dynamic(joinOrigins(deepOrigins(old, 1), deepOrigins(added, 1)), old.path),
      text: text && text.length < 80 ? text : old.text,
      fields: old.fields,
      isList: old.isList,
    },
    at,
  );
}

function conditional(engine: Engine, s: Statement & { kind: 'if' }, frame: Frame): void {
  const forks: Layer[] = [];
  const base = frame.layer;
  const take = (body: () => void): void => {
    forks.push(...(s.isSwitch ? frame.forkWithJumps(body) : [frame.fork(body)]));
  };
  // Each test runs knowing that those before it failed.
  let open = base;
  let isOpen = true;
  for (const branch of s.branches) {
    frame.layer = open;
    const value = engine.evaluate(branch.test, frame);
    const way = decided(engine, branch.test, value, frame);
    if (way === false) {
      continue;
    }
    const facts = factsOf(engine, branch.test, frame);
    take(() => {
      applyFacts(engine, facts.whenTrue, frame);
      engine.execute(branch.body, frame);
      frame.layer.isDead = frame.layer.isDead || alwaysLeaves(branch.body);
    });
    if (way === true) {
      isOpen = false;
      break;
    }
    open = frame.fork(() => applyFacts(engine, facts.whenFalse, frame));
  }
  if (isOpen) {
    frame.layer = open;
    take(() => engine.execute(s.otherwise, frame));
  }
  frame.layer = base;
  frame.merge(forks);
}

/** Loops in one another that are gone through twice. */
const MAX_LOOPS = 5;

function loop(engine: Engine, s: Statement & { kind: 'loop' }, frame: Frame): void {
  const iterable = s.iterable ? engine.evaluate(s.iterable, frame) : null;
  // Twice: what the body assigns at its end is seen at its beginning. Deep inside of others the outer rounds do.
  const rounds = frame.loops < MAX_LOOPS ? 2 : 1;
  frame.loops += 1;
  for (let round = 0; round < rounds; round += 1) {
    const ways = frame.forkWithJumps(() => {
      if (s.target && iterable) {
        engine.store(s.target, withSteps(elementOf(iterable), s.target), frame, true);
      }
      if (s.test) {
        engine.evaluate(s.test, frame);
        applyFacts(engine, factsOf(engine, s.test, frame).whenTrue, frame);
      }
      engine.execute(s.body, frame);
    });
    frame.merge([...ways, frame.fork(() => undefined)]);
  }
  frame.loops -= 1;
}

function tryBlock(engine: Engine, s: Statement & { kind: 'try' }, frame: Frame): void {
  const wasDead = frame.layer.isDead;
  const body = frame.fork(() => engine.execute(s.body, frame));
  const handlers = s.handlers.map((handler) =>
    frame.fork(() => {
      // The body may have stopped anywhere: both what it assigned and what stood before may hold.
      for (const [key, value] of body.own) {
        const before = frame.layer.get(key);
        frame.layer.own.set(key, before ? join(before, value) : value);
      }
      if (handler.name !== null) {
        frame.declare(handler.name, named('error'));
      }
      engine.execute(handler.body, frame);
    }),
  );
  frame.layer.isDead = wasDead;
  frame.merge([body, ...handlers]);
  engine.execute(s.final, frame);
}

function checkAnswer(
  engine: Engine,
  s: Statement & { kind: 'return' },
  value: Value,
  frame: Frame,
): void {
  if (
    !s.value ||
    !frame.fn ||
    engine.knowledge.returns.length === 0 ||
    !answersRequests(frame.fn)
  ) {
    return;
  }
  const first = value.isList ? (value.fields?.get('0') ?? value) : value;
  // An object is answered as JSON; only rules about its fields apply.
  const isObject = first.fields !== null;
  const site = siteAt(s.value, 'return', [first]);
  for (const place of engine.knowledge.returns) {
    const ofField = place.sink.args?.some((selector) => `${selector}`.includes('.')) ?? false;
    if (
      isObject === ofField &&
      place.sink.returns?.some((name) => engine.module.imports.has(name))
    ) {
      checkPlace(engine, place, site);
    }
  }
}

/** Assigns to a target; see `Engine.store`. */
export function storeInto(
  engine: Engine,
  target: Expression,
  value: Value,
  frame: Frame,
  declares: boolean,
): void {
  if (target.kind === 'name') {
    const known = spokenOf(engine, target.name, value);
    if (declares) {
      frame.declare(target.name, known);
    } else {
      frame.assign(target.name, known);
    }
    noteHandler(engine, target.name, value);
    checkAssignment(engine, target.name, target, value);
  } else if (target.kind === 'member') {
    const object = engine.evaluate(target.object, frame);
    noteHandler(engine, `${object.path ?? '?'}.${target.property}`, value);
    checkAssignment(engine, `${object.path ?? '?'}.${target.property}`, target, value);
    if (isPlace(target.object)) {
      engine.store(target.object, withField(object, target.property, value), frame, false);
    }
  } else if (target.kind === 'index') {
    storeElement(engine, target, value, frame);
  } else if (target.kind === 'list') {
    target.items.forEach((item, index) => {
      const field = value.fields?.get(String(index));
      engine.store(item, field ?? { ...elementOf(value), path: null }, frame, declares);
    });
  } else if (target.kind === 'object') {
    for (const { key, value: inner } of target.entries) {
      const part = key === null ? value : engine.member(value, key, inner);
      engine.store(inner, { ...part, madeFrom: value.madeFrom ?? part.madeFrom }, frame, declares);
    }
  } else if (target.kind === 'assign') {
    const either = join(value, engine.evaluate(target.value, frame));
    engine.store(target.target, either, frame, declares);
  } else if (target.kind === 'pass') {
    engine.store(target.operand, value, frame, declares);
  }
}

const isPlace = (e: Expression): boolean =>
  e.kind === 'name' || e.kind === 'member' || e.kind === 'index';

function storeElement(
  engine: Engine,
  target: Expression & { kind: 'index' },
  value: Value,
  frame: Frame,
): void {
  const object = engine.evaluate(target.object, frame);
  const index = engine.evaluate(target.index, frame);
  const key = fullText(index);
  checkAssignment(engine, `${object.path ?? '?'}.[]`, target, value);
  if (key !== null) {
    checkAssignment(engine, `${object.path ?? '?'}.${key}`, target, value);
  } else {
    const site = siteAt(target, object.path ?? '?', [index, value], object);
    engine.knowledge.keys.forEach((place) => checkPlace(engine, place, site));
  }
  if (isPlace(target.object)) {
    const changed =
      key !== null
        ? withField(object, key, value)
        : { ...object, origins: joinOrigins(object.origins, deepOrigins(value)) };
    engine.store(target.object, changed, frame, false);
  }
}

function checkAssignment(engine: Engine, path: string, at: Expression, value: Value): void {
  const places = engine.knowledge.assigns.match(path);
  if (places.length > 0) {
    const site = siteAt(at, path, [value]);
    places.forEach((place) => checkPlace(engine, place, site));
  }
}
