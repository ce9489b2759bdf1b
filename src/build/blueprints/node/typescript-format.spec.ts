import { pairwise } from '../../matrix/pairwise.js';
import { normaliseResources } from '../normalise-resources.js';
import { FIELD_TYPES, type Database, type FieldSpec, type ResourceSpec } from '../project-spec.js';
import { renderProject } from '../render-project.js';
import { formatTypescript, layOut } from './typescript-format.js';

/** A name of this length. */
function nameOf(first: string, length: number): string {
  return (first + 'abcdefghijklmnopqrstuvwxyz'.repeat(2)).slice(0, length);
}

function fieldOf(type: FieldSpec['type'], length: number): FieldSpec {
  const last = String.fromCharCode(97 + FIELD_TYPES.indexOf(type));
  return {
    name: nameOf('f', length - 1) + last,
    type,
    required: length % 2 === 0,
    unique: type === 'string',
    ...(type === 'enum' ? { values: ['low', nameOf('v', length)] } : {}),
  };
}

function resourcesOf(kind: string, length: number): ResourceSpec[] {
  const [parent, child, other] = ['p', 'c', 'o'].map((first) => nameOf(first, length));
  const resource = (name = '', types: readonly FieldSpec['type'][], belongsTo: string[] = []) => ({
    name,
    fields: types.map((type) => fieldOf(type, length)),
    belongsTo,
    readableBy: 'owner' as const,
    deletableBy: 'owner' as const,
  });
  const one = resource(parent, ['text']);
  const several: ResourceSpec[] = [
    { ...resource(parent, FIELD_TYPES), readableBy: 'everyone' },
    { ...resource(child, ['string', 'integer'], [parent ?? '']), deletableBy: 'admin' },
    resource(other, ['boolean', 'decimal'], [parent ?? '', child ?? '']),
  ];
  return kind === 'one' ? [one] : kind === 'several' ? several : [];
}

const PROJECTS = pairwise({
  framework: ['express', 'nestjs'],
  database: ['sqlite', 'postgresql', 'none'],
  features: ['none', 'auth', 'all'],
  resources: ['none', 'one', 'several'],
  length: ['2', '12', '20', '40'],
});

describe(formatTypescript.name, () => {
  const laidOut = new Set<string>();

  it.each(PROJECTS)(
    'leaves nothing for the formatter to do in a project on $framework and $database, features $features, resources $resources with names of $length',
    ({ framework, database, features, resources, length }) => {
      const hasAuth = features !== 'none';
      const others = ['ci', 'compose', 'cors', 'logging', 'rate-limiting'];
      const files = renderProject({
        projectName: nameOf('x', Number(length)),
        framework: framework === 'express' ? 'express' : 'nestjs',
        database: database as Database,
        features: [
          ...(hasAuth ? ['auth'] : []),
          ...(features === 'all' ? others : []),
          'health',
        ].sort(),
        ...normaliseResources(resourcesOf(resources ?? '', Number(length)), { hasAuth }),
        includeTests: true,
        notes: [],
      });

      for (const [path, content] of files) {
        const text = content.toString();
        if (path.endsWith('.ts') && !laidOut.has(text)) {
          expect({ path, text: layOut(path, text) }).toEqual({ path, text });
          laidOut.add(text);
        }
      }
    },
  );
});

it('never takes a late answer for that to the next file', () => {
  const outcomes = ['a', 'b', 'c'].map((name) => {
    try {
      return layOut(`${name}.ts`, `const  ${name} = 1`, 0);
    } catch (error) {
      return String(error);
    }
  });

  expect(outcomes).toHaveLength(3);
  expect(layOut('d.ts', 'const  d = 1')).toBe('const d = 1;\n');
});
