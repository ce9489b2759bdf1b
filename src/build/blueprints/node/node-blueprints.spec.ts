import { namesOf } from '../names.js';
import { DATABASES, type ProjectSpec } from '../project-spec.js';
import { renderProject } from '../render-project.js';
import { packagePins } from './pinned-packages.js';

const FRAMEWORKS = ['express', 'nestjs'] as const;
const ALL = FRAMEWORKS.flatMap((framework) =>
  DATABASES.map((database) => ({ framework, database })),
);
const RESOURCE: ProjectSpec['resources'][number] = {
  name: 'order_item',
  fields: [{ name: 'label', type: 'string', required: true, unique: true }],
  belongsTo: [],
  readableBy: 'owner',
  deletableBy: 'owner',
};

function render(changes: Partial<ProjectSpec>): Map<string, string> {
  const files = renderProject({
    projectName: 'my-project',
    framework: 'express',
    database: 'sqlite',
    features: ['auth', 'health'],
    resources: [RESOURCE],
    includeTests: true,
    notes: [],
    ...changes,
  });
  return new Map([...files].map(([path, content]) => [path, content.toString()]));
}

interface PackageJson {
  name: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

function packageOf(files: Map<string, string>): PackageJson {
  return JSON.parse(files.get('package.json') ?? '') as PackageJson;
}

describe.each(ALL)('a project on $framework with $database', (changes) => {
  it('is the same byte for byte', () => {
    expect([...render(changes)]).toEqual([...render({ ...changes, notes: ['another note'] })]);
  });

  it('leaves no tag and no empty value in any file', () => {
    for (const [path, text] of render(changes)) {
      expect({ path, found: /<%|%>|\[object /.exec(text) }).toEqual({ path, found: null });
    }
  });

  it('has no line of more than 100 columns', () => {
    const lines = [...render(changes)]
      .filter(([path]) => path.endsWith('.ts'))
      .flatMap(([path, text]) => text.split('\n').map((line) => ({ path, line })));

    expect(lines.filter(({ line }) => line.length > 100)).toEqual([]);
  });

  it('pins every dependency to the version of the toolchain, and imports no other', () => {
    const files = render(changes);
    const { dependencies, devDependencies } = packageOf(files);
    const used = { ...dependencies, ...devDependencies };
    const imported = [...files]
      .filter(([path]) => /\.[jt]s$/.test(path))
      .flatMap(([, text]) => [...text.matchAll(/ from '([^.'][^']*)'/g)])
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '');

    for (const [name, version] of Object.entries(used)) {
      expect({ name, version }).toEqual({ name, version: packagePins().dependencies[name] });
    }
    const known = (name: string) => name in used || `@types/${name}` in used;
    expect(imported.filter((name) => !known(name))).toEqual([]);
  });

  it('leaves tests and their packages out when told to', () => {
    const files = render({ ...changes, includeTests: false });

    expect([...files.keys()].filter((path) => /test/.test(path))).toEqual([]);
    expect(Object.keys(packageOf(files).devDependencies)).not.toContain('vitest');
    expect(files.get('README.md')).not.toContain('npm test');
    expect(files.get('tsconfig.json')).toContain('"include": ["src"]');
  });

  it('takes ids in lists in any case, as it does in bodies and paths', () => {
    const resources = [
      { ...RESOURCE, name: 'order' },
      {
        ...RESOURCE,
        fields: [{ name: 'key', type: 'uuid' as const, required: true, unique: false }],
        belongsTo: ['order'],
      },
    ];
    const schemas = render({ ...changes, resources }).get(
      'src/resources/order-items/order-item-schemas.ts',
    );

    expect(schemas).toContain('  order_id: z.uuid().toLowerCase().optional(),\n  key: z.uuid()');
    expect(schemas).not.toContain('z.uuid().optional()');
  });

  it('has the files of a resource under its names', () => {
    const { kebab, kebabPlural } = namesOf(RESOURCE.name);

    expect([...render(changes).keys()]).toEqual(
      expect.arrayContaining([
        `src/resources/${kebabPlural}/${kebab}-service.ts`,
        `test/resources/${kebabPlural}/crud.test.ts`,
      ]),
    );
  });
});

it.each([
  ['My_App.v2', 'my-app-v2'],
  ['express', 'express-service'],
  ['x-', 'x'],
])('makes of %s a package name that npm accepts', (projectName, name) => {
  expect(packageOf(render({ projectName })).name).toBe(name);
});
