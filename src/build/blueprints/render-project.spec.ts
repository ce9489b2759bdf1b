import type { Database, ProjectSpec } from './project-spec.js';
import { pinnedPython } from './pinned-requirements.js';
import { renderProject } from './render-project.js';

const DATABASES: Database[] = ['postgresql', 'sqlite', 'none'];

function aSpec(changes: Partial<ProjectSpec> = {}): ProjectSpec {
  return {
    projectName: 'my-project',
    framework: 'fastapi',
    database: 'sqlite',
    features: ['auth', 'health'],
    resources: [],
    includeTests: true,
    notes: [],
    ...changes,
  };
}

function render(changes: Partial<ProjectSpec> = {}): Map<string, string> {
  const files = [...renderProject(aSpec(changes))];
  return new Map(files.map(([path, content]) => [path, content.toString()]));
}

describe(renderProject.name, () => {
  it.each(DATABASES)('gives the same bytes for the same specification (%s)', (database) => {
    expect([...render({ database })]).toEqual([...render({ database, notes: ['another note'] })]);
  });

  it('sorts by path, with the names that dot files have', () => {
    const paths = [...render().keys()];

    expect(paths).toEqual([...paths].sort());
    expect(paths).toEqual(
      expect.arrayContaining(['.dockerignore', '.env.example', '.gitignore', 'Dockerfile']),
    );
    expect(paths.filter((path) => /dot-|\.eta|templates/.test(path))).toEqual([]);
  });

  it.each(DATABASES)('leaves no tag and no empty value in any file (%s)', (database) => {
    for (const [path, text] of render({ database })) {
      expect({ path, found: /<%|%>|\bundefined\b|\[object /.exec(text) }).toEqual({
        path,
        found: null,
      });
    }
  });

  it.each(DATABASES)('pins every dependency to the version of the toolchain (%s)', (database) => {
    const requirements = [
      ...(render({ database }).get('pyproject.toml') ?? '').matchAll(/"(.+==.+)"/g),
    ];

    expect(requirements.length).toBeGreaterThan(9);
    for (const [, requirement = ''] of requirements) {
      const [name = '', version] = requirement.replace(/\[.*\]/, '').split('==');
      expect({ name, version }).toEqual({ name, version: pinnedPython().get(name) });
    }
  });

  it('has only the dependencies that the database needs', () => {
    const [postgresql, sqlite, none] = DATABASES.map((database) =>
      ['psycopg', 'sqlalchemy', 'alembic'].filter((name) =>
        render({ database }).get('pyproject.toml')?.includes(name),
      ),
    );

    expect(postgresql).toEqual(['psycopg', 'sqlalchemy', 'alembic']);
    expect(sqlite).toEqual(['sqlalchemy', 'alembic']);
    expect(none).toEqual([]);
  });

  it('mentions no database where there is none', () => {
    const texts = [...render({ database: 'none' }).values()].join('\n');

    expect(/sqlalchemy|alembic|DATABASE_URL/i.exec(texts)).toBeNull();
  });

  it.each(DATABASES)('leaves tests and their packages out when told to (%s)', (database) => {
    const files = render({ database, includeTests: false });

    expect([...files.keys()].filter((path) => path.startsWith('tests'))).toEqual([]);
    expect(files.get('pyproject.toml')).not.toContain('pytest');
    expect(files.get('README.md')).not.toContain('pytest');
    expect(files.get('pyproject.toml')).toContain('mypy==');
  });

  it('builds a service without authentication', () => {
    const files = render({ features: ['health'], database: 'none' });

    expect([...files.keys()].filter((path) => /auth|users/.test(path))).toEqual([]);
    expect(files.get('app/main.py')).toContain('health_router');
  });

  it.each([
    ['a'.repeat(100), 'a'.repeat(60)],
    ['My_App.v2', 'my-app-v2'],
    ['x-', 'x'],
    ['FastAPI', 'fastapi-service'],
  ])('makes of %s a package name that pip accepts', (projectName, name) => {
    expect(render({ projectName }).get('pyproject.toml')).toContain(`\nname = "${name}"\n`);
  });

  it('keeps every line of Python inside 100 columns, whatever the name', () => {
    const long = [...render({ projectName: 'n'.repeat(100) })]
      .filter(([path]) => path.endsWith('.py'))
      .flatMap(([path, text]) => text.split('\n').map((line) => ({ path, line })))
      .filter(({ line }) => line.length > 100);

    expect(long).toEqual([]);
  });
});
