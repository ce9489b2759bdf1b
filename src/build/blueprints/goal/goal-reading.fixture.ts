import { planGoal } from '../plan-goal.js';
import type { FieldSpec, ProjectSpec, ResourceSpec } from '../project-spec.js';

/** A goal, the features that it asks for, and the things to store as `describeResource` tells them. */
export type GoalRow = [goal: string, features: string, resources: string[]];

/** The specification of a goal; a goal of which nothing is understood is an error. */
export function specOf(goal: string, previous?: ProjectSpec): ProjectSpec {
  const outcome = planGoal({
    projectName: 'p',
    goal,
    parameters: {},
    previous,
  });
  if (!outcome.ok) {
    throw new Error(outcome.error);
  }
  return outcome.spec;
}

/** Without what every project has. */
export function featuresOf({ features }: ProjectSpec): string {
  return features.filter((feature) => feature !== 'health').join(' ');
}

/** The notes on what was not understood, or is not to be had. */
export function notUnderstoodIn({ notes }: ProjectSpec): string[] {
  return notes.filter((note) => note.startsWith('Not '));
}

/** `order < customer: total decimal 0..` */
export function describeResource({
  name,
  fields,
  belongsTo,
  readableBy,
  deletableBy,
}: ResourceSpec): string {
  const relations = belongsTo.length > 0 ? ` < ${belongsTo.join(' & ')}` : '';
  const access =
    (readableBy === 'everyone' ? ' (all read)' : '') +
    (deletableBy === 'admin' ? ' (admin deletes)' : '');
  return `${name}${relations}${access}: ${fields.map(describeField).join(', ')}`;
}

function describeField(field: FieldSpec): string {
  const { name, type, min, max, values } = field;
  return [
    `${name} ${type}${field.required ? '' : '?'}${field.unique ? '!' : ''}`,
    ...(field.default === undefined ? [] : [`= ${String(field.default)}`]),
    ...(min === undefined && max === undefined ? [] : [`${min ?? ''}..${max ?? ''}`]),
    ...(values ? [`(${values.join('|')})`] : []),
  ].join(' ');
}
