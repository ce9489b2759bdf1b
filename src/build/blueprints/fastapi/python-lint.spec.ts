import './liftoff-only.js';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { DATABASES, type FieldSpec, type ResourceSpec } from '../project-spec.js';
import { renderProject } from '../render-project.js';

const ROWS: [what: string, fields: (Partial<FieldSpec> & Pick<FieldSpec, 'type'>)[]][] = [
  ['nothing to filter by', [{ type: 'json' }]],
  ['a text of one length', [{ type: 'string', min: 8, max: 8 }]],
  ['a number of one value', [{ type: 'integer', min: 3, max: 3 }]],
  ['one value', [{ type: 'enum', values: ['EUR'], default: 'EUR' }]],
  ['nothing that has to be given', [{ type: 'text', required: false }, { type: 'boolean' }]],
  [
    'a moment and a day',
    [
      { type: 'datetime', unique: true },
      { type: 'date', required: false },
    ],
  ],
];

/** The rules of the generated project, without those that its tests may break. */
function linterFor(pyproject: string): Workspace {
  const select = [...(/select = \[([^\]]*)\]/.exec(pyproject)?.[1] ?? '').matchAll(/"(\w+)"/g)];
  return new Workspace(
    {
      'line-length': 100,
      'target-version': 'py310',
      lint: {
        select: select.map(([, rule]) => rule),
        ignore: ['S101', 'S105', 'S106'],
        isort: { 'known-first-party': ['app', 'tests'] },
      },
    },
    PositionEncoding.Utf16,
  );
}

describe.each(DATABASES)('a FastAPI project on %s', (database) => {
  it.each(ROWS)('has nothing that its linter objects to with %s', (_what, fields) => {
    const resource: ResourceSpec = {
      name: 'thing',
      fields: fields.map((field, index) => ({
        ...{ name: `field_${index}`, required: true, unique: false },
        ...field,
      })),
      belongsTo: [],
      readableBy: 'owner',
      deletableBy: 'owner',
    };
    const files = renderProject({
      ...{ projectName: 'p', framework: 'fastapi', database, features: ['health'] },
      ...{ resources: [resource], includeTests: true, notes: [] },
    });
    const linter = linterFor(files.get('pyproject.toml')?.toString() ?? '');
    const found = [...files]
      .filter(([path]) => path.endsWith('.py'))
      .flatMap(([path, text]) =>
        (linter.check(text.toString()) as { code: string }[]).map(({ code }) => ({ path, code })),
      );

    expect(found).toEqual([]);
  });
});
