import { createRequire } from 'node:module';
import type * as Ruff from '@astral-sh/ruff-wasm-nodejs';
import { qualityRule } from '../rules/quality-rules.js';
import { securityRule } from '../rules/security-rules.js';
import { RUFF_ADVICE } from './ruff-advice.js';
import { RUFF_RULES, RUFF_SETTINGS } from './ruff-settings.js';

const require = createRequire(import.meta.url);

function check(text: string, more: object = {}): { code: string; message: string }[] {
  const ruff = require('@astral-sh/ruff-wasm-nodejs') as typeof Ruff;
  const settings = { ...RUFF_SETTINGS, lint: { ...RUFF_SETTINGS.lint, ...more } };
  const workspace = new ruff.Workspace(settings, ruff.PositionEncoding.Utf32);
  return workspace.check(text) as { code: string; message: string }[];
}

const codesIn = (text: string) => check(text).map(({ code }) => code);

describe('the settings of Ruff', () => {
  // It takes unknown rules in silence. Of a comment that silences nothing it says which of the rules are on.
  it('switch on every rule of our tables', () => {
    const select = [...RUFF_RULES, 'RUF100'];
    const [found] = check(`x = 1  # noqa: ${RUFF_RULES.join(', ')}\n`, { select });
    const unused = /\(unused: ([^;)]*)\)$/.exec(found?.message ?? '')?.[1] ?? '';
    expect(unused.match(/[A-Z]+\d+/g)?.sort()).toEqual([...RUFF_RULES].sort());
  });

  it.each([
    ['a pyflakes defect', 'print(nothing)\n', 'F821'],
    ['a pycodestyle defect', 'try:\n    a = 1\nexcept:\n    a = 2\n', 'E722'],
    ['a bugbear defect', 'def f(a=[]):\n    return a\n', 'B006'],
    ['a pylint defect', 'print(float("nan") == 1)\n', 'PLW0177'],
    ['a smell', 'import os\n', 'F401'],
    ['a simplification', 'a = {}\nif "x" in a.keys():\n    a = 1\n', 'SIM118'],
    ['an old way', 'class A(object):\n    pass\n', 'UP004'],
    ['a weakness', 'import hashlib\nhashlib.md5(b"")\n', 'S324'],
  ])('find %s', (_, text, code) => {
    expect(codesIn(text)).toContain(code);
  });

  it('count what is complex, long and wide by our limits', () => {
    const branches = (count: number) =>
      `def f(a):\n${'    if a:\n        a = 1\n'.repeat(count)}    return a\n`;
    expect(codesIn(branches(9))).not.toContain('C901');
    expect(codesIn(branches(10))).toContain('C901');
    const takes = (count: number) =>
      `def f(${Array.from({ length: count }, (_, i) => `a${i}`).join(', ')}):\n    return a0\n`;
    expect(codesIn(takes(7))).not.toContain('PLR0913');
    expect(codesIn(takes(8))).toContain('PLR0913');
  });

  it('let FastAPI and Typer have their defaults', () => {
    const text = 'from fastapi import Depends\n\n\ndef f(a=Depends(print)):\n    return a\n';
    expect(codesIn(text)).toEqual([]);
    expect(codesIn('def f(a=print()):\n    return a\n')).toEqual(['B008']);
  });

  it('are in the tables, advice included', () => {
    expect(Object.keys(RUFF_ADVICE).filter((code) => !RUFF_RULES.includes(code))).toEqual([]);
    const unknown = RUFF_RULES.filter(
      (code) => securityRule(code) === undefined && qualityRule(code).issue === code,
    );
    expect(unknown).toEqual([]);
    expect(new Set(RUFF_RULES).size).toBe(RUFF_RULES.length);
  });
});
