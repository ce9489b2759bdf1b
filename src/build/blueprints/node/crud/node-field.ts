import { DECIMAL_DIGITS } from '../../field-rules.js';
import type { FieldType, ProjectSpec } from '../../project-spec.js';
import type { FieldView } from '../../resource-view.js';
import { typescriptLiteral } from './typescript-literal.js';

/** A field as the TypeScript templates see it. */
export interface NodeField extends FieldView {
  /** zod's schema of what comes in. */
  schema: string;
  /** The same where it may be left out, to stay as it is. */
  change: string;
  /** zod's schema of what goes out. */
  output: string;
  /** Type of the property. */
  type_: string;
  /** Arguments of TypeORM's `Column`. */
  column: string;
  /** Type of the column in a migration. */
  sql: string;
  /** zod's schema of a filter by this field; `null`: it has none. */
  filter: string | null;
  hasRange: boolean;
  isSortable: boolean;
}

const TYPES: Record<FieldType, string> = {
  string: 'string',
  text: 'string',
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'string',
  datetime: 'Date',
  uuid: 'string',
  email: 'string',
  url: 'string',
  enum: '',
  json: 'Record<string, unknown>',
};

const FILTERS: Partial<Record<FieldType, string>> = {
  string: 'searchText',
  integer: 'numberInQuery',
  decimal: 'numberInQuery',
  boolean: 'z.stringbool()',
  date: 'z.iso.date()',
  datetime: 'pointInTime',
  uuid: 'z.uuid().toLowerCase()',
  email: 'searchText',
  url: 'searchText',
};

const RANGED: readonly FieldType[] = ['integer', 'decimal', 'date', 'datetime'];
const WITHOUT_SORT: readonly FieldType[] = ['text', 'json', 'enum', 'uuid', 'boolean'];

export function nodeFieldOf(
  field: FieldView,
  { database }: Pick<ProjectSpec, 'database'>,
  taken: ReadonlySet<string>,
): NodeField {
  const { name, type } = field;
  const values = (field.values ?? []).map(typescriptLiteral);
  const plain = plainSchemaOf(field, values);
  return {
    ...field,
    schema: plain + suffixOf(field),
    change: `${plain}${field.isNullable ? '.nullable()' : ''}.optional()`,
    output: outputOf(field, values) + (field.isNullable ? '.nullable()' : ''),
    type_:
      (type === 'enum' ? values.join(' | ') : TYPES[type]) + (field.isNullable ? ' | null' : ''),
    column: columnOf(field, database),
    sql: sqlOf(field, database),
    filter: type === 'enum' ? plain : (FILTERS[type] ?? null),
    hasRange: RANGED.includes(type) && !taken.has(`${name}_min`) && !taken.has(`${name}_max`),
    isSortable: !WITHOUT_SORT.includes(type),
  };
}

function plainSchemaOf({ type, bounds }: FieldView, values: string[]): string {
  const range = `${bounds?.min ?? 0}, ${bounds?.max ?? 0}`;
  const schemas: Record<FieldType, string> = {
    string: `plainText(${range})`,
    text: `plainText(${range})`,
    integer: `integer(${range})`,
    decimal: `decimal(${range})`,
    boolean: 'z.boolean()',
    date: 'z.iso.date()',
    datetime: 'pointInTime',
    uuid: 'z.uuid().toLowerCase()',
    email: 'emailAddress',
    url: 'webAddress',
    enum: `z.enum([${values.join(', ')}])`,
    json: 'jsonObject',
  };
  return schemas[type];
}

function suffixOf(field: FieldView): string {
  if (field.default !== undefined) {
    return `.default(${typescriptLiteral(field.default)})`;
  }
  return field.isNullable ? '.nullable().default(null)' : '';
}

function outputOf({ type }: FieldView, values: string[]): string {
  const schemas: Record<FieldType, string> = {
    string: 'z.string()',
    text: 'z.string()',
    integer: 'z.int()',
    decimal: 'z.number()',
    boolean: 'z.boolean()',
    date: 'z.iso.date()',
    datetime: 'z.iso.datetime()',
    uuid: 'z.uuid()',
    email: 'z.string()',
    url: 'z.string()',
    enum: `z.enum([${values.join(', ')}])`,
    json: 'z.record(z.string(), z.unknown())',
  };
  return schemas[type];
}

function columnOf(field: FieldView, database: ProjectSpec['database']): string {
  const onPostgres = database === 'postgresql';
  const { type } = field;
  const types: Record<FieldType, string> = {
    ...{ string: 'varchar', email: 'varchar', url: 'varchar', enum: 'varchar', text: 'text' },
    ...{ integer: 'integer', boolean: 'boolean', date: 'date', uuid: 'uuid' },
    decimal: onPostgres ? 'numeric' : 'real',
    datetime: onPostgres ? 'timestamptz' : 'datetime',
    json: onPostgres ? 'jsonb' : 'simple-json',
  };
  const options = [
    ...(field.camel === field.name ? [] : [`name: '${field.name}'`]),
    ...(types[type] === 'varchar' ? [`length: ${lengthOf(field)}`] : []),
    ...(types[type] === 'numeric'
      ? [`precision: ${DECIMAL_DIGITS.whole + DECIMAL_DIGITS.fraction}`]
      : []),
    ...(types[type] === 'numeric'
      ? [`scale: ${DECIMAL_DIGITS.fraction}`, 'transformer: decimalColumn']
      : []),
    ...(field.isNullable ? ['nullable: true'] : []),
  ];
  return `'${types[type]}'${options.length > 0 ? `, { ${options.join(', ')} }` : ''}`;
}

function sqlOf(field: FieldView, database: ProjectSpec['database']): string {
  const onPostgres = database === 'postgresql';
  const varchar = `varchar(${lengthOf(field)})`;
  const { whole, fraction } = DECIMAL_DIGITS;
  const types: Record<FieldType, string> = {
    ...{ string: varchar, email: varchar, url: varchar, enum: varchar, text: 'text' },
    ...{ integer: 'integer', boolean: 'boolean', date: 'date' },
    uuid: onPostgres ? 'uuid' : 'varchar',
    decimal: onPostgres ? `numeric(${whole + fraction},${fraction})` : 'real',
    datetime: onPostgres ? 'timestamptz' : 'datetime',
    json: onPostgres ? 'jsonb' : 'text',
  };
  return `${types[field.type]}${field.isNullable ? '' : ' NOT NULL'}`;
}

function lengthOf({ type, bounds, values = [] }: FieldView): number {
  if (type === 'enum') {
    // Rounded up, so that a new value rarely needs a wider column.
    return Math.max(16, ...values.map((value) => Math.ceil(value.length / 16) * 16));
  }
  return bounds?.max ?? 255;
}
