import { boundsOf, isNullable } from './field-rules.js';
import { camelOf, namesOf, type Names, pascalOf } from './names.js';
import type { FieldSpec, ProjectSpec, ResourceSpec } from './project-spec.js';
import { childrenOf } from './resource-order.js';

/** A resource as templates see it: every name derived, every rule decided. */
export interface ResourceView {
  names: Names;
  fields: FieldView[];
  /** What it points to, by `<snake>_id`. */
  parents: Names[];
  /** What points to it. */
  children: Names[];
  /** With auth: every stored thing has an owner. */
  isOwned: boolean;
  readableBy: ResourceSpec['readableBy'];
  deletableBy: ResourceSpec['deletableBy'];
}

export interface FieldView extends FieldSpec {
  /** `dueDate` */
  camel: string;
  /** `DueDate` */
  pascal: string;
  /** `due date` */
  label: string;
  isNullable: boolean;
  /** A caller has to give it. */
  mustBeGiven: boolean;
  /** Of a number's value or a text's length; `null`: has none. */
  bounds: { min: number; max: number } | null;
}

/** The resources of a specification, parents first. */
export function viewsOf({ resources, features }: ProjectSpec): ResourceView[] {
  return resources.map((resource) => ({
    names: namesOf(resource.name),
    fields: resource.fields.map(viewOfField),
    parents: resource.belongsTo.map(namesOf),
    children: childrenOf(resource.name, resources).map(({ name }) => namesOf(name)),
    isOwned: features.includes('auth'),
    readableBy: resource.readableBy,
    deletableBy: resource.deletableBy,
  }));
}

function viewOfField(field: FieldSpec): FieldView {
  const words = field.name.split('_');
  return {
    ...field,
    camel: camelOf(words),
    pascal: pascalOf(words),
    label: words.join(' '),
    isNullable: isNullable(field),
    mustBeGiven: field.required && field.default === undefined,
    bounds: boundsOf(field),
  };
}
