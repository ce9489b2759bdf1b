import type { Expression } from '../ir/ir.js';
import type { Engine } from './engine.js';
import { foldBinary, sumOf } from './folding.js';
import { joinOrigins } from './values/origins.js';
import { contexts } from './values/context.js';
import { cleansed, deepOrigins } from './values/parts.js';
import { templateOf } from './values/texts.js';
import {
  constant,
  dynamic,
  type Frame,
  type Template,
  UNKNOWN,
  type Value,
  withSteps,
} from './values/value.js';

export function textOf(values: readonly Value[], at: Expression): Value {
  const sum = values.length > 0 ? sumOf(values) : undefined;
  if (sum !== undefined) {
    return constant(sum);
  }
  const template = templateOf(values.map((value) => value.text));
  const whole = template.includes(null) ? undefined : template.join('');
  const origins = values.reduce(
    (all, value) => joinOrigins(all, deepOrigins(value, 1)),
    UNKNOWN.origins,
  );
  const parts = values.flatMap((value) => (value.path === null ? [] : [value.path])).slice(0, 12);
  const built: Value = { ...UNKNOWN, origins, text: template, constant: whole, parts };
  const [first] = values;
  const staysHere =
    first !== undefined &&
    (typeof first.constant === 'string'
      ? /^\/[^/\\]/.test(first.constant)
      : first.origins.length > 0 && first.origins.every(({ clean }) => (clean & REDIRECT) !== 0));
  // What follows only adds to an address that is one of this site.
  const result = staysHere ? cleansed(built, REDIRECT) : built;
  return origins.length > 0 ? withSteps(result, at) : result;
}

const REDIRECT = contexts('redirect');

/** What stands behind a `%`: one value or a tuple of them. */
const partsOf = (value: Value): string[] =>
  (value.isList && value.fields ? [...value.fields.values()] : [value]).flatMap(
    ({ path }) => path ?? [],
  );

/** `'%s?q=1' % url`: how the text begins where its first part is known. */
function withBeginning(template: Template, right: Value): Template {
  const head = right.isList ? right.fields?.get('0') : right;
  const rest = template[0] === '' ? template.slice(1) : template;
  return rest[0] === null && head?.text ? [...head.text, ...rest.slice(1)] : template;
}

export function binary(engine: Engine, e: Expression & { kind: 'binary' }, frame: Frame): Value {
  const left = engine.evaluate(e.left, frame);
  const right = engine.evaluate(e.right, frame);
  const isPython = engine.module.language === 'python';
  const origins = joinOrigins(deepOrigins(left, 1), deepOrigins(right, 1));
  const isShort = (left.text ?? []).every((part) => part === null || part.length < 10_000);
  if (e.operator === '%' && isPython && isShort && (left.text || left.origins.length > 0)) {
    const pieces = left.text?.flatMap((part) =>
      part === null
        ? [null]
        : part
            .split(/%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]/)
            .flatMap((piece, i) => (i === 0 ? [piece] : [null, piece])),
    );
    // `%d` takes numbers only.
    const onlyNumbers =
      left.text?.every(
        (part) => part === null || !/%(?:\(\w+\))?[^%diufeEgGxo\s]*[sr]/.test(part),
      ) ?? false;
    return withSteps(
      {
        ...dynamic(onlyNumbers ? left.origins : origins),
        text: pieces ? withBeginning(templateOf(pieces.map((piece) => [piece])), right) : null,
        parts: onlyNumbers ? [] : partsOf(right),
      },
      e,
    );
  }
  if (isPython && (e.operator === '/' || e.operator === '|')) {
    const path =
      e.operator === '|' && left.path !== null && right.path !== null
        ? `${left.path}|${right.path}`.slice(0, 140)
        : (left.path ?? right.path);
    return {
      ...withSteps(dynamic(origins, path === null ? null : `${path}`), e),
      fields: left.fields ?? right.fields,
    };
  }
  const folded = foldBinary(e.operator, left, right);
  return typeof folded === 'string' ? constant(folded) : { ...UNKNOWN, constant: folded, test: e };
}
