import { scopesOf } from './python-scopes.js';
import { sureErrors } from './sure-errors.js';
import { typeFinding } from './type-report.js';

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
    ['var-annotated', 'Need type annotation for "x"'],
    ['name-defined', 'Name "db.Model" is not defined'],
    ['misc', '"setUp" undefined in superclass'],
    ['assignment', 'Incompatible types (base class "CaseMixin" defined the type as "None")'],
  ])('leaves out %s: %s', (rule, message) => {
    expect(linesOf(rule, message)).toEqual([]);
  });
});
