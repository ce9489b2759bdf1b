import { z } from 'zod';
import { CAPABILITIES } from './capabilities.js';
import { type GoalReading, meaningOf, readGoal, type Wish } from './read-goal.js';
import { type Database, type ProjectSpec, projectSpecSchema } from './project-spec.js';

export interface PlanInput {
  projectName: string;
  goal: string;
  /** As they came with the request; what isn't known here is named in the notes. */
  parameters: Readonly<Record<string, unknown>>;
  /** What the project was built as so far: a goal adds to it. Absent: a new project. */
  previous?: Pick<ProjectSpec, 'database' | 'features'> | undefined;
}

const DEFAULT_DATABASE: Database = 'sqlite';

export type PlanOutcome = { ok: true; spec: ProjectSpec } | { ok: false; error: string };

const parametersSchema = z.object({
  framework: projectSpecSchema.shape.framework.optional(),
  database: projectSpecSchema.shape.database.optional(),
  features: z.array(z.string()).optional(),
  resources: z.array(z.looseObject({ name: z.string() })).optional(),
  include_tests: z.boolean().optional(),
  // Limits for a model, which this engine has none of: no reason to say that they are not used.
  max_calls: z.unknown().optional(),
  max_tokens: z.unknown().optional(),
  max_cost_usd: z.unknown().optional(),
  max_seconds: z.unknown().optional(),
  max_attempts: z.unknown().optional(),
});

type Parameters = z.infer<typeof parametersSchema>;

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
  const reading = readGoal(goal);
  const otherFramework = textsOf(reading, 'unavailableFramework');
  if (otherFramework.length > 0 && !given.framework) {
    return refuse(`It can't build with ${otherFramework.join(', ')}.`);
  }

  const notes = [...notesOnGoal(reading), ...notesOnParameters(given, parameters)];
  const features = chooseFeatures(reading, given, notes);
  if (features.length === 0) {
    return refuse(
      ['Nothing in the goal was understood.', ...notes.map((note) => `${note}.`)].join(' '),
    );
  }
  const database = chooseDatabase(reading, given, notes, previous?.database);
  const spec: ProjectSpec = {
    projectName,
    framework: given.framework ?? 'fastapi',
    database,
    // Whatever runs the service needs its probes, so that every project has them.
    features: [...new Set([...features, ...(previous?.features ?? []), 'health'])].sort(),
    resources: [],
    includeTests: given.include_tests ?? !wishesOf(reading, 'tests').some((each) => each.isNegated),
    notes,
  };
  return { ok: true, spec };
}

function chooseFeatures(reading: GoalReading, given: Parameters, notes: string[]): string[] {
  const wishes = wishesOf(reading, 'feature');
  const refused = new Set(wishes.filter((each) => each.isNegated).map(featureOf));
  const asked = [...new Set(wishes.filter((each) => !each.isNegated).map(featureOf))];
  if (!given.features?.length) {
    return asked.filter((feature) => !refused.has(feature));
  }
  const named = given.features.map((name) => ({ name, means: meaningOf(name) }));
  const features = named.flatMap(({ means }) => (means?.kind === 'feature' ? means.feature : []));
  for (const { name, means } of named) {
    if (means?.kind !== 'feature' && means?.kind !== 'included') {
      notes.push(`Not available, left out: feature '${name}'`);
    }
  }
  for (const feature of asked.filter((each) => each !== 'health' && !features.includes(each))) {
    notes.push(`Left out, since parameters.features doesn't name it: ${feature}`);
  }
  return features;
}

function chooseDatabase(
  reading: GoalReading,
  given: Parameters,
  notes: string[],
  previous: Database = DEFAULT_DATABASE,
): Database {
  const wishes = wishesOf(reading, 'database').filter((each) => !each.isNegated);
  const asked = [...new Set(wishes.map(databaseOf))];
  const chosen = given.database ?? asked[0] ?? previous;
  for (const other of asked.filter((each) => each !== chosen)) {
    notes.push(`Asked for more than one database: built for ${chosen}, not for ${other}`);
  }
  return chosen;
}

function notesOnGoal(reading: GoalReading): string[] {
  return [
    ...reading.notUnderstood.map((text) => `Not understood: '${text}'`),
    ...[...textsOf(reading, 'unavailable'), ...textsOf(reading, 'unavailableFramework')].map(
      (text) => `Not available in the offline engine, left out: '${text}'`,
    ),
  ];
}

function notesOnParameters(given: Parameters, all: PlanInput['parameters']): string[] {
  const unknown = Object.keys(all).filter((key) => !(key in parametersSchema.shape));
  const resources = given.resources?.map((resource) => resource.name) ?? [];
  return [
    ...unknown.map((key) => `Unknown parameter, not used: '${key}'`),
    ...(resources.length > 0
      ? [`Resources can't be built yet, left out: ${resources.join(', ')}`]
      : []),
  ];
}

function wishesOf(reading: GoalReading, kind: Wish['means']['kind']): Wish[] {
  return reading.wishes.filter((wish) => wish.means.kind === kind);
}

function textsOf(reading: GoalReading, kind: Wish['means']['kind']): string[] {
  return wishesOf(reading, kind)
    .filter((wish) => !wish.isNegated)
    .map((wish) => wish.text);
}

function featureOf({ means }: Wish): string {
  return means.kind === 'feature' ? means.feature : '';
}

function databaseOf({ means }: Wish): Database {
  return means.kind === 'database' ? means.database : 'none';
}

function describeProblems(error: z.ZodError): string {
  return error.issues
    .map((issue) => `parameters.${issue.path.join('.')}: ${issue.message}.`)
    .join(' ');
}

function refuse(reason: string): PlanOutcome {
  const abilities = CAPABILITIES.map(
    ({ name, databases, features }) =>
      `${name} with ${features.map((feature) => `${feature.name} (${feature.summary})`).join(', ')}; ` +
      `database: ${databases.join(', ')}`,
  ).join('. ');
  return {
    ok: false,
    error:
      `${reason} The offline engine can build: ${abilities}. ` +
      `For other goals connect a language model: set LLM_PROVIDER (openai, anthropic or ollama) and LLM_MODEL.`,
  };
}
