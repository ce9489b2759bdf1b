import { scopesOf } from './python-scopes.js';
import { sureErrors } from './sure-errors.js';
import { typeFinding } from '../type-report.js';

const TEXT = `import os
os.nope()


class A(B):
    c = B.d

    def typed(
        self,
        a: int,
    ):
        return self.e

    def untyped(self, a=None):
        if a:

            return self.e
        x = {"a": 1}
        return x

    async def other(self) -> int:
        return self.e


A().nope
`;

describe(scopesOf, () => {
  it('tells what each line stands in', () => {
    const at = (text: string, from = 0) => TEXT.split('\n').indexOf(text, from);
    const scopes = scopesOf(TEXT);
    expect(scopes[at('os.nope()')]).toBe('module');
    expect(scopes[at('    c = B.d')]).toBe('class');
    expect(scopes[at('        return self.e')]).toBe('annotated');
    expect(scopes[at('            return self.e')]).toBe('untyped');
    expect(scopes[at('        return x')]).toBe('untyped');
    expect(scopes[at('        return self.e', at('    async def other(self) -> int:'))]).toBe(
      'annotated',
    );
    expect(scopes[at('A().nope')]).toBe('module');
  });
});

describe(sureErrors, () => {
  const linesOf = (rule: string, message = 'x') => {
    const findings = TEXT.split('\n').map((_, index) =>
      typeFinding({
        ...{ rule_id: rule, engine: 'mypy', message, confidence: 'high', file: 'a.py' },
        ...{ line: index + 1, column: 1, end_line: index + 1, recommendation: 'x' },
      }),
    );
    return sureErrors(findings, new Map([['a.py', Buffer.from(TEXT)]])).map(({ line }) => line);
  };

  it.each([
    ['attr-defined', [2, 12, 23, 26]],
    ['misc', [12, 23]],
    ['no-redef', [12, 23]],
  ])('keeps %s where there are types', (rule, lines) => {
    expect(linesOf(rule)).toEqual(expect.arrayContaining(lines));
    expect(linesOf(rule)).not.toContain(6);
    expect(linesOf(rule)).not.toContain(17);
  });

  it('keeps what is wrong without them', () => {
    expect(linesOf('arg-type')).toHaveLength(TEXT.split('\n').length);
  });

  it.each([
    ['tests/test_a.py', [11, 12, 22, 23]],
    ['a_test.py', [11, 12, 22, 23]],
    ['alembic/env.py', []],
    ['db/migrations/versions/1.py', []],
  ])('keeps of %s what somebody wrote types for', (file, lines) => {
    const findings = TEXT.split('\n').map((_, index) =>
      typeFinding({
        ...{ rule_id: 'arg-type', engine: 'mypy', message: 'x', confidence: 'high', file },
        ...{ line: index + 1, column: 1, end_line: index + 1, recommendation: 'x' },
      }),
    );
    const kept = sureErrors(findings, new Map([[file, Buffer.from(TEXT)]]));
    expect(
      kept.map(({ line }) => line).filter((line) => lines.length === 0 || lines.includes(line)),
    ).toEqual(lines);
    expect(kept.map(({ line }) => line)).not.toContain(18);
  });

  it.each([
    ['call-arg', 'Unexpected keyword argument "table" for "__init_subclass__" of "object"'],
    ['var-annotated', 'Need type annotation for "x"'],
    ['name-defined', 'Name "db.Model" is not defined'],
    ['misc', '"setUp" undefined in superclass'],
    ['has-type', 'Cannot determine type of "x"'],
    ['index', 'Value of type "object" is not indexable'],
    ['index', 'Unsupported target for indexed assignment ("object")'],
    ['arg-type', 'Argument after ** must be a mapping, not "object"'],
    [
      'arg-type',
      'Argument 3 to "check_call" has incompatible type "**dict[str, int]"; expected "bool"',
    ],
    ['dict-item', 'Dict entry 2 has incompatible type "str": "float"; expected "str": "str"'],
    ['union-attr', 'Item "None" of "Any | None" has no attribute "x"'],
    ['union-attr', 'Item "None" of "IO[bytes] | None" has no attribute "write"'],
    ['assignment', 'Incompatible types (expression has type "None", variable has type Module)'],
    ['assignment', 'Incompatible types (base class "CaseMixin" defined the type as "None")'],
  ])('leaves out %s: %s', (rule, message) => {
    expect(linesOf(rule, message)).toEqual([]);
  });

  it.each([
    ['client/client/__init__.py', 0],
    ['client/__init__.py', 1],
    ['src/client/__init__.py', 1],
  ])('knows which package is meant where it is %s', (path, left) => {
    const finding = typeFinding({
      ...{ rule_id: 'attr-defined', engine: 'mypy', confidence: 'high', file: 'main.py' },
      ...{ line: 1, column: 1, end_line: 1, recommendation: 'x' },
      message: 'Module "client" has no attribute "x"',
    });
    const files = new Map([
      ['main.py', Buffer.from('')],
      [path, Buffer.from('')],
    ]);
    expect(sureErrors([finding], files)).toHaveLength(left);
  });
});
