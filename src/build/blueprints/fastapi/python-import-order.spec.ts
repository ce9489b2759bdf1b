import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { orderImports } from './python-import-order.js';

const lint = new Workspace(
  {
    'line-length': 100,
    lint: { select: ['I'], isort: { 'known-first-party': ['app', 'tests'] } },
  },
  PositionEncoding.Utf16,
);

const HEADS: [what: string, head: string[], ordered: string[]][] = [
  [
    'sections',
    ['from app.settings import Settings', 'import pytest', 'import re'],
    ['import re', '', 'import pytest', '', 'from app.settings import Settings'],
  ],
  [
    'modules, `import` first',
    ['from typing import Any', 'from collections.abc import Callable', 'import uuid', 'import re'],
    ['import re', 'import uuid', 'from collections.abc import Callable', 'from typing import Any'],
  ],
  [
    'names by kind, without regard to case',
    ['from fastapi import status, APIRouter, Depends, Annotated, HTTPException, UUID'],
    ['from fastapi import UUID, Annotated, APIRouter, Depends, HTTPException, status'],
  ],
  [
    'one module once',
    ['from app.b import y', 'from app.a_c import x', 'from app.a import x', 'from app.b import x'],
    ['from app.a import x', 'from app.a_c import x', 'from app.b import x, y'],
  ],
  [
    'renamed modules and names',
    [
      'from app.zebras.router import router as zebras_router',
      'from app.ants.models import Ant as Ant',
      'import sqlalchemy as sa',
      'import datetime as dt',
    ],
    [
      'import datetime as dt',
      '',
      'import sqlalchemy as sa',
      '',
      'from app.ants.models import Ant as Ant',
      'from app.zebras.router import router as zebras_router',
    ],
  ],
  [
    'names with one number',
    ['from uuid import uuid4, UUID', 'from fastapi.security import OAuth2PasswordBearer'],
    ['from uuid import UUID, uuid4', '', 'from fastapi.security import OAuth2PasswordBearer'],
  ],
];

const UNSURE: [what: string, head: string][] = [
  ['no imports', '"""Settings."""\n'],
  ['a module that templates do not use', 'import numpy\n'],
  ['several lines', 'from app.a import (\n    x,\n    y,\n)\n'],
  ['a comment', 'import re  # for names\n'],
  ['two numbers', 'from app.a import x10, x9\n'],
  ['a renamed name beside others', 'from app.a import x as y\nfrom app.a import z\n'],
  ['a long line', `from app.a import ${'x'.repeat(90)}\n`],
];

describe(orderImports.name, () => {
  it.each(HEADS)('orders %s as the linter wants it', (_what, head, ordered) => {
    const text = `"""A module."""\n\n${head.join('\n')}\n`;
    const expected = `"""A module."""\n\n${ordered.join('\n')}\n`;

    expect(orderImports(text)).toBe(expected);
    expect(lint.check(expected)).toEqual([]);
  });

  it.each(UNSURE)('is not sure of %s', (_what, head) => {
    expect(orderImports(head)).toBeNull();
  });
});
