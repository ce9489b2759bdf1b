import { DECIMAL_DIGITS } from '../../field-rules.js';
import type { FieldType } from '../../project-spec.js';
import type { FieldView } from '../../resource-view.js';
import { pythonLiteral, pythonString } from './python-literal.js';

/** A field as the Python templates see it. */
export interface PythonField extends FieldView {
  /** Type of what comes in, without `None`: an alias, or a plain type. */
  input: string;
  /** The alias as a statement of the schemas; `null`: the plain type will do. */
  alias: string | null;
  /** What follows the annotation of an input: ` = None`, or nothing. */
  initial: string;
  /** Type of what is stored, without `None`. */
  stored: string;
  /** Type of what goes out, without `None`. */
  output: string;
  /** Arguments of `mapped_column`, or nothing. */
  column: string;
  /** Type of the column in a migration. */
  migrationType: string;
  /** Type of a filter by this field; `null`: it has none. */
  filter: string | null;
  hasRange: boolean;
  isSortable: boolean;
}

/** Names of `app/resources/fields.py`. */
const SHARED_TYPES: Record<FieldType, string> = {
  string: 'PlainText',
  text: 'PlainText',
  integer: 'Integer',
  decimal: 'Amount',
  boolean: 'bool',
  date: 'dt.date',
  datetime: 'PointInTime',
  uuid: 'UUID',
  email: 'EmailStr',
  url: 'WebAddress',
  enum: '',
  json: 'JsonObject',
};

const STORED_TYPES: Record<FieldType, string> = {
  string: 'str',
  text: 'str',
  integer: 'int',
  decimal: 'Decimal',
  boolean: 'bool',
  date: 'dt.date',
  datetime: 'dt.datetime',
  uuid: 'UUID',
  email: 'str',
  url: 'str',
  enum: '',
  json: 'dict[str, JsonValue]',
};

const RANGED: readonly FieldType[] = ['integer', 'decimal', 'date', 'datetime'];
const WITHOUT_FILTER: readonly FieldType[] = ['text', 'json'];
const WITHOUT_SORT: readonly FieldType[] = ['text', 'json', 'enum', 'uuid'];

/** @param resource In PascalCase: what aliases begin with. */
export function pythonFieldOf(
  field: FieldView,
  resource: string,
  takenNames: ReadonlySet<string>,
): PythonField {
  const name = `${resource}${field.pascal}`;
  const definition = definitionOf(field);
  const input = definition === null ? SHARED_TYPES[field.type] : name;
  const filterable = !WITHOUT_FILTER.includes(field.type);
  const isOutputOfItsOwn = field.type === 'decimal' || field.type === 'enum';
  return {
    ...field,
    input,
    alias: definition === null ? null : `${name} = ${definition}`,
    initial: initialOf(field),
    stored: field.type === 'enum' ? name : STORED_TYPES[field.type],
    output: isOutputOfItsOwn ? (field.type === 'enum' ? name : 'Amount') : STORED_TYPES[field.type],
    column: columnOf(field),
    migrationType: migrationTypeOf(field),
    filter: filterable ? filterOf(field, name) : null,
    hasRange:
      RANGED.includes(field.type) &&
      !takenNames.has(`${field.name}_min`) &&
      !takenNames.has(`${field.name}_max`),
    isSortable: !WITHOUT_SORT.includes(field.type),
  };
}

function definitionOf(field: FieldView): string | null {
  const { type, bounds } = field;
  if (type === 'enum') {
    return `Literal[${(field.values ?? []).map(pythonString).join(', ')}]`;
  }
  if (type === 'string' || type === 'text') {
    const least = bounds && bounds.min > 0 ? `min_length=${bounds.min}, ` : '';
    return `Annotated[PlainText, Field(${least}max_length=${bounds?.max ?? 0})]`;
  }
  const limits = [
    ...(field.min === undefined ? [] : [`ge=${numberOf(field, field.min)}`]),
    ...(field.max === undefined ? [] : [`le=${numberOf(field, field.max)}`]),
  ];
  return limits.length > 0 ? `Annotated[${SHARED_TYPES[type]}, Field(${limits.join(', ')})]` : null;
}

function numberOf({ type }: FieldView, value: number): string {
  return type === 'decimal' && !Number.isInteger(value)
    ? `Decimal("${String(value)}")`
    : String(value);
}

function initialOf(field: FieldView): string {
  if (field.default === undefined) {
    return field.isNullable ? ' = None' : '';
  }
  const value = pythonLiteral(field.default);
  return ` = ${field.type === 'decimal' ? `Decimal("${String(field.default)}")` : value}`;
}

function columnOf(field: FieldView): string {
  const { type, unique } = field;
  const types: Partial<Record<FieldType, string>> = {
    string: `String(${field.bounds?.max ?? 255})`,
    email: 'String(254)',
    url: 'String(2048)',
    text: 'Text',
    decimal: 'ExactDecimal',
    datetime: 'UtcDateTime',
    enum: `String(${lengthOfValues(field)})`,
    json: field.isNullable ? 'JSON(none_as_null=True)' : 'JSON',
  };
  return [types[type], unique ? 'unique=True' : undefined]
    .filter((each) => each !== undefined)
    .join(', ');
}

function migrationTypeOf(field: FieldView): string {
  const types: Record<FieldType, string> = {
    string: `sa.String(${field.bounds?.max ?? 255})`,
    text: 'sa.Text()',
    integer: 'sa.Integer()',
    decimal: `sa.Numeric(${DECIMAL_DIGITS.whole + DECIMAL_DIGITS.fraction}, ${DECIMAL_DIGITS.fraction})`,
    boolean: 'sa.Boolean()',
    date: 'sa.Date()',
    datetime: 'sa.DateTime(timezone=True)',
    uuid: 'sa.Uuid()',
    email: 'sa.String(254)',
    url: 'sa.String(2048)',
    enum: `sa.String(${lengthOfValues(field)})`,
    json: 'sa.JSON()',
  };
  return types[field.type];
}

function lengthOfValues({ values = [] }: FieldView): number {
  // Rounded up, so that a new value rarely needs a wider column.
  return Math.max(16, ...values.map((value) => Math.ceil(Array.from(value).length / 16) * 16));
}

function filterOf({ type }: FieldView, name: string): string {
  if (type === 'enum') {
    return name;
  }
  return ['string', 'email', 'url'].includes(type) ? 'SearchText' : SHARED_TYPES[type];
}
