import type { Names } from '../../names.js';
import type { ProjectSpec } from '../../project-spec.js';
import type { ResourceView } from '../../resource-view.js';
import { pythonFieldOf, type PythonField } from './python-field.js';
import { samplesOf, type PythonSamples } from './python-samples.js';

/** A resource as the Python templates see it. */
export interface PythonResource extends ResourceView {
  fields: (PythonField & { samples: PythonSamples })[];
  /** Fields of which no two may have the same value. */
  unique: PythonField[];
  /** Names of everything that a list can be sorted by. */
  sorts: string[];
  filters: Filter[];
  /** Beyond the standard: what the modules of this resource import because of its fields. */
  needs: Needs;
  /** Of its migration. */
  revision: string;
  previousRevision: string | null;
  /** `the sku or the code`, for the answer to a duplicate. */
  uniqueLabel: string;
}

interface Filter {
  name: string;
  /** Whose value is compared. */
  field: string;
  operator: 'eq' | 'ge' | 'le';
  type: string;
}

/** Lines for import blocks, each name on a line of its own. */
interface Needs {
  schemas: { stdlib: string; thirdParty: string; own: string };
  sqlModels: { stdlib: string; thirdParty: string; own: string };
  memoryModels: { stdlib: string; thirdParty: string; own: string };
}

/** The views of a project's resources, in the order of their migrations. */
export function pythonResourcesOf(views: ResourceView[], spec: ProjectSpec): PythonResource[] {
  const first = spec.features.includes('auth') ? 2 : 1;
  return views.map((view, index) => ({
    ...pythonResourceOf(view),
    revision: revisionAt(first + index),
    previousRevision: first + index > 1 ? revisionAt(first + index - 1) : null,
  }));
}

function revisionAt(number: number): string {
  return String(number).padStart(4, '0');
}

function pythonResourceOf(
  view: ResourceView,
): Omit<PythonResource, 'revision' | 'previousRevision'> {
  const taken = new Set(view.fields.map(({ name }) => name));
  const fields = view.fields.map((field) => ({
    ...pythonFieldOf(field, view.names.pascal, taken),
    samples: samplesOf(field),
  }));
  const unique = fields.filter((field) => field.unique);
  const filters = [...view.parents.map(parentFilter), ...fields.flatMap(filtersOf)];
  return {
    ...view,
    fields,
    unique,
    sorts: [
      'created_at',
      'updated_at',
      ...fields.filter(({ isSortable }) => isSortable).map(({ name }) => name),
    ],
    filters,
    needs: {
      schemas: needsOfSchemas(fields, filters),
      sqlModels: needsOfSqlModels(fields, view),
      memoryModels: needsOfMemoryModels(fields, view),
    },
    uniqueLabel: unique.map(({ label }) => `the ${label}`).join(' or '),
  };
}

function parentFilter({ snake }: Names): Filter {
  return { name: `${snake}_id`, field: `${snake}_id`, operator: 'eq', type: 'UUID' };
}

function filtersOf({ name, filter, hasRange }: PythonField): Filter[] {
  if (filter === null) {
    return [];
  }
  return [
    { name, field: name, operator: 'eq', type: filter },
    ...(hasRange
      ? [
          { name: `${name}_min`, field: name, operator: 'ge' as const, type: filter },
          { name: `${name}_max`, field: name, operator: 'le' as const, type: filter },
        ]
      : []),
  ];
}

const SHARED = [
  'Amount',
  'Integer',
  'JsonObject',
  'PlainText',
  'PointInTime',
  'SearchText',
  'WebAddress',
];

function needsOfSchemas(fields: PythonField[], filters: Filter[]): Needs['schemas'] {
  const texts = [
    ...fields.flatMap((field) => [field.alias ?? '', field.input, field.initial, field.output]),
    ...filters.map(({ type }) => type),
  ].join(' ');
  const has = (name: string) => new RegExp(`\\b${name}\\b`).test(texts);
  const comparisons = [...new Set(filters.map(({ operator }) => operator))];
  return {
    stdlib: lines([
      'import datetime as dt',
      'from typing import Literal',
      filters.length > 0 && 'from typing import ClassVar',
      has('Annotated') && 'from typing import Annotated',
      has('Decimal') && 'from decimal import Decimal',
      filters.length > 0 && 'from collections.abc import Mapping',
      'from uuid import UUID',
      ...comparisons.map((name) => `from operator import ${name}`),
    ]),
    thirdParty: lines([
      'from pydantic import BaseModel, ConfigDict',
      has('EmailStr') && 'from pydantic import EmailStr',
      has('Field') && 'from pydantic import Field',
      has('JsonValue') && 'from pydantic import JsonValue',
    ]),
    own: lines([
      'from app.resources.listing import ListQuery',
      filters.length > 0 && 'from app.resources.listing import Comparison',
      'from app.resources.fields import left_out',
      ...SHARED.filter(has).map((name) => `from app.resources.fields import ${name}`),
    ]),
  };
}

function needsOfSqlModels(fields: PythonField[], view: ResourceView): Needs['sqlModels'] {
  const texts = fields.flatMap(({ column, stored }) => [column, stored]).join(' ');
  const has = (name: string) => new RegExp(`\\b${name}\\b`).test(texts);
  const needsColumn = view.parents.length > 0 || fields.some(({ column }) => column !== '');
  return {
    stdlib: storedTypes(texts, view),
    thirdParty: lines([
      ...['String', 'Text', 'JSON'].filter(has).map((name) => `from sqlalchemy import ${name}`),
      view.parents.length > 0 && 'from sqlalchemy import ForeignKey',
      'from sqlalchemy.orm import Mapped',
      needsColumn && 'from sqlalchemy.orm import mapped_column',
      has('JsonValue') && 'from pydantic import JsonValue',
    ]),
    own: lines([
      has('UtcDateTime') && 'from app.db import UtcDateTime',
      has('ExactDecimal') && 'from app.resources.columns import ExactDecimal',
      'from app.resources.models import StoredRecord',
      ...enumImports(fields, view),
    ]),
  };
}

function needsOfMemoryModels(fields: PythonField[], view: ResourceView): Needs['memoryModels'] {
  const texts = fields.map(({ stored }) => stored).join(' ');
  return {
    stdlib: storedTypes(texts, view) + 'from dataclasses import dataclass\n',
    thirdParty: lines([/\bJsonValue\b/.test(texts) && 'from pydantic import JsonValue']),
    own: lines(['from app.resources.models import StoredRecord', ...enumImports(fields, view)]),
  };
}

function storedTypes(texts: string, { parents }: ResourceView): string {
  const has = (name: string) => new RegExp(`\\b${name}\\b`).test(texts);
  return lines([
    has('dt') && 'import datetime as dt',
    has('Decimal') && 'from decimal import Decimal',
    (has('UUID') || parents.length > 0) && 'from uuid import UUID',
  ]);
}

function enumImports(fields: PythonField[], { names }: ResourceView): string[] {
  return fields
    .filter(({ type }) => type === 'enum')
    .map(({ stored }) => `from app.${names.snakePlural}.schemas import ${stored}`);
}

function lines(wanted: (string | false)[]): string {
  return wanted
    .filter((each) => each !== false)
    .map((line) => `${line}\n`)
    .join('');
}
