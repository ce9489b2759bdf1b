import { problemOfField } from './field-rules.js';
import { singularName, wordsOf } from './names.js';
import { MAX_NAME, type FieldSpec, type ResourceSpec } from './project-spec.js';
import { freeFieldName, freeResourceName, isTakenByAuth } from './reserved-names.js';
import { inOrder } from './resource-order.js';

/** A place in what was given, as a path below `resources`, and what is wrong there. */
export interface ResourceProblem {
  path: string;
  message: string;
  /** Of a field's rules, that can't be had: `order.total`. The field itself is there without them. */
  field?: string;
}

export interface NormalisedResources {
  /** Parents before their children; names in snake_case, free of clashes. */
  resources: ResourceSpec[];
  /** What was decided without being asked. */
  notes: string[];
  /** What can't be built; those resources and fields are left out. */
  problems: ResourceProblem[];
}

const NAME_FIELD: FieldSpec = { name: 'name', type: 'string', required: true, unique: false };

/**
 * Brings resources from a person, a goal or a model into the one form that all blueprints rely on; pure.
 *
 * @param hasAuth Whether the project has users of its own.
 */
export function normaliseResources(
  given: readonly ResourceSpec[],
  { hasAuth }: { hasAuth: boolean },
): NormalisedResources {
  const notes: string[] = [];
  const problems: ResourceProblem[] = [];
  const byName = new Map<string, ResourceSpec>();
  const indexes = new Map<string, number>();
  given.forEach((resource, index) => {
    const wanted = singularName(resource.name);
    const name = freeResourceName(wanted, hasAuth);
    if (name === '' || name.length > MAX_NAME) {
      problems.push({ path: `[${index}].name`, message: nameRule() });
    } else if (byName.has(name)) {
      problems.push({ path: `[${index}].name`, message: `there are two resources ${name}` });
    } else if (hasAuth && isTakenByAuth(name)) {
      notes.push(`Authentication has its own ${name}: its fields are as they are`);
    } else {
      if (name !== wanted) {
        notes.push(`The name ${wanted} is taken: the resource is called ${name}`);
      }
      byName.set(name, { ...resource, name });
      indexes.set(name, index);
    }
  });
  const resources = [...byName.values()].map((resource) => {
    const at = `[${indexes.get(resource.name) ?? 0}]`;
    const belongsTo = parentsOf(resource, at, byName, hasAuth, { notes, problems });
    return {
      ...resource,
      belongsTo,
      fields: fieldsOf(resource, at, belongsTo, { notes, problems }),
    };
  });
  const { ordered, inCycle } = inOrder(resources);
  for (const { name } of inCycle) {
    problems.push({
      path: `[${indexes.get(name) ?? 0}].belongs_to`,
      message: `${name} belongs to itself, by way of others: only one of two can belong to the other`,
    });
  }
  return { resources: ordered, notes, problems };
}

interface Findings {
  notes: string[];
  problems: ResourceProblem[];
}

function parentsOf(
  { name, belongsTo }: ResourceSpec,
  at: string,
  byName: ReadonlyMap<string, ResourceSpec>,
  hasAuth: boolean,
  { notes, problems }: Findings,
): string[] {
  const parents = new Set<string>();
  belongsTo.forEach((each, index) => {
    const parent = freeResourceName(singularName(each), hasAuth);
    const path = `${at}.belongs_to[${index}]`;
    if (hasAuth && isTakenByAuth(parent)) {
      notes.push(`With auth every ${name} belongs to the user who made it`);
    } else if (parent === name) {
      problems.push({
        path,
        message: `${name} can't belong to itself: give it a uuid field for the id of the other`,
      });
    } else if (!byName.has(parent)) {
      problems.push({
        path,
        message: `there is no resource ${each.slice(0, 64)}: add it, or leave it out here`,
      });
    } else {
      parents.add(parent);
    }
  });
  return [...parents];
}

function fieldsOf(
  resource: ResourceSpec,
  at: string,
  belongsTo: readonly string[],
  { notes, problems }: Findings,
): FieldSpec[] {
  const byName = new Map<string, FieldSpec>();
  resource.fields.forEach((field, index) => {
    const path = `${at}.fields[${index}]`;
    const wanted = wordsOf(field.name).join('_');
    const name = freeFieldName(wanted);
    const problem = problemOfField(field);
    if (wanted === '' || name.length > MAX_NAME) {
      problems.push({ path: `${path}.name`, message: nameRule() });
    } else if (byName.has(name)) {
      problems.push({ path: `${path}.name`, message: `there are two fields ${name}` });
    } else if (belongsTo.some((parent) => name === parent || name === `${parent}_id`)) {
      notes.push(`${resource.name}.${name} is the id that belonging to it adds`);
    } else if (['id', 'created_at', 'updated_at'].includes(wanted)) {
      notes.push(`${resource.name}.${wanted} is there without being asked for`);
    } else {
      if (problem !== null) {
        problems.push({ path, message: problem, field: `${resource.name}.${wanted}` });
      }
      if (name !== wanted) {
        notes.push(`The name ${wanted} is reserved: the field is called ${resource.name}.${name}`);
      }
      byName.set(name, { ...(problem === null ? field : plain(field)), name });
    }
  });
  if (byName.size === 0) {
    notes.push(`No field of ${resource.name} is known: it has a name`);
    return [NAME_FIELD];
  }
  return [...byName.values()];
}

/** The field without what can't be had: an enum without values is a text, and so on. */
function plain({ min: _min, max: _max, ...field }: FieldSpec): FieldSpec {
  const { name, type, required, unique, values } = field;
  const candidates: FieldSpec[] = [
    field,
    { name, type, required, unique, ...(values && { values }) },
    { name, type, required, unique: false },
  ];
  const found = candidates.find((each) => problemOfField(each) === null);
  return found ?? { name, type: 'string', required, unique };
}

function nameRule(): string {
  return `must have 1 to ${MAX_NAME} letters and digits`;
}
