import type { ClassIr, Expression } from '../ir/ir.js';
import type { Engine } from './engine.js';
import { Frame, named, type Value } from './values/value.js';

/** What keeps the classes of a file. */
export interface ClassHome extends Engine {
  /** What is known of the instances of each. */
  readonly selves: Map<ClassIr, Value>;
  readonly selfName: string;
  checkDecorators(of: { decorators: readonly Expression[] }, frame: Frame): void;
}

/** Makes a class known, and has its methods analysed. */
export function declareClass(engine: ClassHome, declaration: ClassIr, frame: Frame): void {
  const value: Value = { ...named(declaration.name ?? 'class'), classOf: { declaration, frame } };
  if (declaration.name !== null) {
    frame.declare(declaration.name, value);
  }
  declaration.bases.forEach((base) => engine.evaluate(base, frame));
  engine.checkDecorators(declaration, frame);
  // Its body runs in a frame of its own; what it assigns are fields of every instance.
  const body = new Frame(null, frame, frame.depth);
  let self: Value = { ...named(engine.selfName), classOf: { declaration, frame } };
  body.declare('this', self);
  engine.execute(declaration.body, body);
  self = body.get('this') ?? self;
  const fields = new Map(self.fields ?? []);
  for (const [name, field] of body.layer.own) {
    if (name !== 'this') {
      fields.set(name, field);
    }
  }
  engine.selves.set(declaration, { ...self, fields });
  const constructors = declaration.methods.filter(
    ({ name }) => name === 'constructor' || name === '__init__',
  );
  for (const fn of [
    ...constructors,
    ...declaration.methods.filter((method) => !constructors.includes(method)),
  ]) {
    engine.checkDecorators(fn, frame);
    engine.later({ fn, frame, self: null, owner: declaration });
  }
}
