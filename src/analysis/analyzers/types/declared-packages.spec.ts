import { declaresPackages, otherReleases } from './declared-packages.js';

const INSTALLED = new Map([
  ['fastapi', '0.142.2'],
  ['pydantic', '2.13.5'],
  ['pydantic-settings', '2.15.0'],
  ['sqlalchemy', '2.0.54'],
  ['starlette', '1.7.0'],
]);

const CODE = `import fastapi, os
from pydantic.fields import Field
  from sqlalchemy import Column
import pydantic_settings
from starlette import status
`;

function others(files: Record<string, string>): Record<string, string> {
  const all = { 'app/main.py': CODE, ...files };
  const tree = Object.entries(all).map(([path, text]) => [path, Buffer.from(text)] as const);
  return Object.fromEntries(otherReleases(new Map(tree), INSTALLED));
}

describe(otherReleases, () => {
  it.each([
    ['pydantic==1.10.2', { pydantic: '==1.10.2' }],
    ['pydantic[email]~=1.9 # for now', { pydantic: '~=1.9' }],
    ['pydantic>=1.10,<2', { pydantic: '>=1.10,<2' }],
    ['pydantic >= 1.10', {}],
    ['pydantic>=3', { pydantic: '>=3' }],
    ['pydantic', {}],
    ['pydantic!=2.1', {}],
    ['SQLAlchemy==2.0.23', {}],
    ['SQLAlchemy==1.4.*', { sqlalchemy: '==1.4.*' }],
    ['fastapi==0.141.0', { fastapi: '==0.141.0' }],
    ['Pydantic_Settings==1.0', { 'pydantic-settings': '==1.0' }],
    ['# pydantic==1.0', {}],
    ['-r base.txt', {}],
    ['flask==1.0', {}],
  ])('reads %j in requirements', (line, expected) => {
    expect(others({ 'requirements/base.txt': '', 'requirements-dev.txt': `${line}\n` })).toEqual(
      expected,
    );
  });

  it('reads what Poetry, Pipenv and PEP 621 write', () => {
    const pyproject = `[tool.poetry.dependencies]
python = "^3.9"
fastapi = "^0.79.1"
pydantic = { version = "^1.9", extras = ["email"] }

[project]
dependencies = ["flask>=3", "sqlalchemy<2"]
optional = [
    "starlette>=0.40,<0.50",
]
`;
    expect(others({ Pipfile: 'sqlalchemy = "~=1.4"\n' })).toEqual({ sqlalchemy: '~=1.4' });
    expect(others({ 'pyproject.toml': pyproject })).toEqual({
      fastapi: '^0.79.1',
      pydantic: '^1.9',
      starlette: '>=0.40,<0.50',
      sqlalchemy: '<2',
    });
  });

  it('tells nothing of packages that the code does not use', () => {
    expect(
      others({ 'requirements.txt': 'pydantic==1.0', 'app/main.py': '# import pydantic' }),
    ).toEqual({});
  });

  it('reads no other files', () => {
    expect(
      others({ 'pins.py': 'pydantic==1.0\n', 'notes/requirements.md': 'pydantic==1' }),
    ).toEqual({});
    expect(declaresPackages('backend/pyproject.toml')).toBe(true);
  });
});
