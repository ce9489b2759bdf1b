import type { z } from 'zod';
import { parametersSchema, resourcesOf, unknownParameters } from './build-parameters.js';
import { CAPABILITIES } from './capabilities.js';
import {
  chooseDatabase,
  chooseFeatures,
  chooseFramework,
  onlyAvailable,
  refusedFeatures,
  textsOf,
  wishesOf,
  type Asked,
} from './choices.js';
import { type GoalReading, readGoal } from './goal/read-goal.js';
import { singularName } from './names.js';
import { normaliseResources } from './normalise-resources.js';
import { MAX_RESOURCES, type ProjectSpec, type ResourceSpec } from './project-spec.js';

export interface PlanInput {
  projectName: string;
  goal: string;
  /** As they came with the request; what isn't known here is named in the notes. */
  parameters: Readonly<Record<string, unknown>>;
  /** What the project was built as so far: a goal adds to it. Absent: a new project. */
  previous?: Asked['previous'];
}

export type PlanOutcome = { ok: true; spec: ProjectSpec } | { ok: false; error: string };

/**
 * Turns an English goal and explicit parameters into a specification, without a model.
 *
 * Parameters win over the sentence. What was not understood, or can't be built yet, is in the notes word for word;
 * where nothing at all was understood there is no specification, since an empty project would be a lie.
 */
export function planGoal({ projectName, goal, parameters, previous }: PlanInput): PlanOutcome {
  const parsed = parametersSchema.safeParse(parameters);
  if (!parsed.success) {
    return refuse(describeProblems(parsed.error));
  }
  const given = parsed.data;
  const reading = readGoal(goal, previous?.resources);
  const notes = [
    ...notesOnGoal(reading),
    ...(given.resources ? [] : reading.decisions),
    ...unknownParameters(parameters).map((key) => `Unknown parameter, not used: '${key}'`),
  ];
  const asked: Asked = { reading, given, previous, notes };
  const choice = chooseFramework(asked);
  if ('problem' in choice) {
    return refuse(choice.problem);
  }

  const { framework } = choice;
  const wanted = onlyAvailable(chooseFeatures(asked), framework, notes);
  const drafts = chooseResources(asked);
  if (wanted.length === 0 && !given.resources?.length && !reading.hasChangedThings) {
    return refuse(
      ['Nothing in the goal was understood.', ...notes.map((note) => `${note}.`)].join(' '),
    );
  }
  const refused = refusedFeatures(reading);
  const kept = (previous?.features ?? []).filter((feature) => !refused.includes(feature));
  // Whatever runs the service needs its probes, so that every project has them.
  const features = [...new Set([...wanted, ...kept, 'health'])].sort();
  const normalised = normaliseResources(drafts, { hasAuth: features.includes('auth') });
  if (normalised.problems.length > 0 && given.resources) {
    return refuse(
      normalised.problems
        .map(({ path, message }) => `parameters.resources${path}: ${message}.`)
        .join(' '),
    );
  }
  notes.push(
    ...normalised.notes,
    ...normalised.problems.map(
      ({ message, field }) =>
        `Not available, left out: ${message}${field === undefined ? '' : ` (${field})`}`,
    ),
    ...notesOnCrud(reading, normalised.resources),
  );
  const includeTests =
    given.include_tests ?? !wishesOf(reading, 'tests').some((each) => each.isNegated);
  return {
    ok: true,
    spec: {
      projectName,
      framework,
      database: chooseDatabase(asked),
      features,
      resources: normalised.resources,
      includeTests,
      notes: [...new Set(notes)],
    },
  };
}

/** Those of the parameters, else those of the goal; what the project has stays. */
function chooseResources({ reading, given, previous, notes }: Asked): ResourceSpec[] {
  if (!given.resources) {
    if (reading.resources.length > MAX_RESOURCES) {
      notes.push(`Not available, left out: more than ${MAX_RESOURCES} resources`);
    }
    return reading.resources.slice(0, MAX_RESOURCES);
  }
  const resources = resourcesOf(given);
  const names = resources.map(({ name }) => singularName(name));
  for (const name of reading.spokenOf.filter((each) => !names.includes(each))) {
    notes.push(`Left out, since parameters.resources doesn't name it: ${name}`);
  }
  const kept = (previous?.resources ?? []).filter(({ name }) => !names.includes(name));
  return [...kept, ...resources];
}

function notesOnGoal(reading: GoalReading): string[] {
  return [
    ...reading.notUnderstood.map((text) => `Not understood: '${text}'`),
    ...[...textsOf(reading, 'unavailable'), ...textsOf(reading, 'unavailableFramework')].map(
      (text) => `Not available in the offline engine, left out: '${text}'`,
    ),
    ...reading.wishes
      .filter(({ means, isNegated }) => isNegated && isAlwaysThere(means))
      .map(({ text }) => `Every project has it: '${text}'`),
    ...reading.notes,
  ];
}

function isAlwaysThere(means: GoalReading['wishes'][number]['means']): boolean {
  return means.kind === 'included' || (means.kind === 'feature' && means.feature === 'health');
}

function notesOnCrud(reading: GoalReading, resources: readonly ResourceSpec[]): string[] {
  return resources.length > 0
    ? []
    : textsOf(reading, 'crud').map(
        (text) => `Left out, since the goal doesn't say what to store: '${text}'`,
      );
}

function describeProblems(error: z.ZodError): string {
  return error.issues
    .map((issue) => `parameters.${issue.path.join('.')}: ${issue.message}.`)
    .join(' ');
}

function refuse(reason: string): PlanOutcome {
  const frameworks = CAPABILITIES.map(({ name }) => name);
  const databases = new Set(CAPABILITIES.flatMap((each) => each.databases));
  const known = CAPABILITIES.flatMap(({ features }) => features);
  const features = new Map(known.map(({ name, summary }) => [name, `${name} (${summary})`]));
  return {
    ok: false,
    error:
      `${reason} The offline engine can build services in ${inWords(frameworks)}, on ${inWords([...databases])}, ` +
      `with ${[...features.values()].join(', ')}. ` +
      `For other goals connect a language model: set LLM_PROVIDER (openai, anthropic or ollama) and LLM_MODEL.`,
  };
}

function inWords(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
