import type { Expression, Statement } from './ir.js';

interface Located {
  readonly start: number;
  readonly end: number;
}

/** Short constructors that both front ends share. */
export const literal = (at: Located, value: string | number | boolean | null): Expression => ({
  kind: 'literal',
  value,
  start: at.start,
  end: at.end,
});

export const name = (at: Located, text: string): Expression => ({
  kind: 'name',
  name: text,
  start: at.start,
  end: at.end,
});

export const opaque = (at: Located, children: readonly Expression[] = []): Expression => ({
  kind: 'opaque',
  children,
  start: at.start,
  end: at.end,
});

/** Joins the operands of `+` into one flat `text`, so that long sums don't nest. */
export function concatenation(at: Located, operands: readonly Expression[]): Expression {
  const parts = operands.flatMap((part) =>
    part.kind === 'text' && part.how === 'concat' ? part.parts : [part],
  );
  return { kind: 'text', how: 'concat', parts, start: at.start, end: at.end };
}

/** The dotted spelling of a plain access path (`a.b.c`), null for anything else. */
export function dotted(expression: Expression): string | null {
  const parts: string[] = [];
  let current = expression;
  while (current.kind === 'member') {
    parts.unshift(current.property);
    current = current.object;
  }
  return current.kind === 'name' ? [current.name, ...parts].join('.') : null;
}

/** True when control can't run past the end of these statements. */
export function alwaysLeaves(body: readonly Statement[]): boolean {
  return body.some((s) => {
    if (s.kind === 'return' || s.kind === 'throw' || s.kind === 'jump') {
      return true;
    }
    if (s.kind === 'block' || s.kind === 'with') {
      return alwaysLeaves(s.body);
    }
    if (s.kind === 'if') {
      const bodies = [...s.branches.map((branch) => branch.body), s.otherwise];
      return bodies.every((branch) => alwaysLeaves(branch));
    }
    if (s.kind === 'try') {
      return alwaysLeaves(s.body) && s.handlers.every((handler) => alwaysLeaves(handler.body));
    }
    return s.kind === 'expression' && isExit(s.value);
  });
}

const EXITS = new Set([
  'abort',
  'exit',
  '_exit',
  'sys.exit',
  'os._exit',
  'process.exit',
  'flask.abort',
  'notFound',
  'redirect',
  'fail',
]);

function isExit(expression: Expression): boolean {
  return expression.kind === 'call' && EXITS.has(dotted(expression.callee) ?? '');
}
