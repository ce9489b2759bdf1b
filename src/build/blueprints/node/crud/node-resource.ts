import type { ProjectSpec } from '../../project-spec.js';
import type { ResourceView } from '../../resource-view.js';
import { LongText, sampleValuesOf, type Json } from '../../sample-values.js';
import { nodeFieldOf, type NodeField } from './node-field.js';
import { typescriptLiteral } from './typescript-literal.js';

/** A resource as the TypeScript templates see it. */
export interface NodeResource extends ResourceView {
  fields: (NodeField & { samples: NodeSamples })[];
  /** Fields of which no two may have the same value. */
  unique: NodeField[];
  /** Wire name and property of everything that a list can be sorted by. */
  sorts: { name: string; property: string }[];
  filters: Filter[];
  /** `0002` */
  revision: string;
  /** What TypeORM sorts migrations by. */
  migration: string;
  /** `this sku or code`, for the answer to a duplicate. */
  uniqueLabel: string;
}

/** TypeScript source. */
interface NodeSamples {
  valid: [string, string, string];
  edges: string[];
  invalid: string[];
}

interface Filter {
  name: string;
  property: string;
  /** Wire name of the field that is compared. */
  field: string;
  operator: 'eq' | 'ge' | 'le';
  schema: string;
}

const FIRST_MIGRATION = 1_700_000_000_000;

/** The views of a project's resources, in the order of their migrations. */
export function nodeResourcesOf(views: ResourceView[], spec: ProjectSpec): NodeResource[] {
  const first = spec.features.includes('auth') ? 2 : 1;
  return views.map((view, index) => {
    const taken = new Set(view.fields.map(({ name }) => name));
    const fields = view.fields.map((field) => ({
      ...nodeFieldOf(field, spec, taken),
      samples: samplesOf(field),
    }));
    const unique = fields.filter((field) => field.unique);
    return {
      ...view,
      fields,
      unique,
      sorts: [
        { name: 'created_at', property: 'createdAt' },
        { name: 'updated_at', property: 'updatedAt' },
        ...fields
          .filter(({ isSortable }) => isSortable)
          .map(({ name, camel }) => ({ name, property: camel })),
      ],
      filters: filtersOf(view, fields),
      revision: String(first + index).padStart(4, '0'),
      migration: `Create${view.names.pascalPlural}${FIRST_MIGRATION + first + index}`,
      uniqueLabel: unique.map(({ label }) => label).join(' or '),
    };
  });
}

function filtersOf({ parents }: ResourceView, fields: NodeField[]): Filter[] {
  const ofParents = parents.map(({ snake, camel }) => ({
    name: `${snake}_id`,
    property: `${camel}Id`,
    field: `${snake}_id`,
    operator: 'eq' as const,
    schema: 'z.uuid().toLowerCase()',
  }));
  const ofFields = fields.flatMap(({ name, camel, filter, hasRange }) => {
    if (filter === null) {
      return [];
    }
    const base = { property: camel, field: name, schema: filter };
    return [
      { ...base, name, operator: 'eq' as const },
      ...(hasRange
        ? [
            { ...base, name: `${name}_min`, operator: 'ge' as const },
            { ...base, name: `${name}_max`, operator: 'le' as const },
          ]
        : []),
    ];
  });
  return [...ofParents, ...ofFields];
}

function samplesOf(field: ResourceView['fields'][number]): NodeSamples {
  const { valid, edges, invalid } = sampleValuesOf(field);
  // As they go out again.
  const writeValid = (value: Json) =>
    write(field.type === 'datetime' ? new Date(String(value)).toISOString() : value);
  return {
    valid: [writeValid(valid[0]), writeValid(valid[1]), writeValid(valid[2])],
    edges: edges.map(write),
    invalid: invalid.map(write),
  };
}

function write(value: Json | LongText): string {
  if (!(value instanceof LongText)) {
    return typescriptLiteral(value);
  }
  const { length, key } = value;
  const text = value.isShort ? typescriptLiteral('x'.repeat(length)) : `'x'.repeat(${length})`;
  return key === undefined ? text : `{ ${key}: ${text} }`;
}
