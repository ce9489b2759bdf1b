import { z } from 'zod';
import {
  DATABASES,
  projectSpecSchema,
  resourceSpecSchema,
  type Framework,
  type ProjectSpec,
  type ResourceSpec,
} from '../../blueprints/project-spec.js';
import { singularName } from '../../blueprints/names.js';
import { normaliseResources } from '../../blueprints/normalise-resources.js';
import { BuildStopped } from '../build-stopped.js';
import type { Goal, Head, Plan, ToolDefinition } from '../code-model.js';
import { LIMIT_PARAMETERS } from './build-limits.js';
import { storable } from '../storable.js';
import { jsonSchemaOf } from '../tools/tool.js';
import {
  isVerifiedLanguage,
  VERIFIED_FRAMEWORKS,
  VERIFIED_LANGUAGES,
  verifiedFramework,
} from './verified-frameworks.js';

export const SUBMIT_PLAN = 'submit_plan';

/** A plan stays in every checkpoint. */
const MAX_ITEMS = 50;
const MAX_TEXT = 2_000;

/** What the model answers; generous where nothing depends on it. */
const planSchema = z.object({
  language: z
    .string()
    .describe('programming language of the project, such as python or typescript'),
  framework: z.string().describe('such as fastapi, express or nestjs'),
  database: z.enum(DATABASES).describe('none: in memory'),
  features: texts().describe('names of features of the scaffold'),
  resources: z
    .array(resourceSpecSchema)
    .max(MAX_ITEMS)
    .default([])
    .describe('kinds of things that it stores'),
  include_tests: z.boolean().default(true),
  tasks: texts().describe('work beyond the scaffold, one sentence each'),
  notes: texts().default([]).describe('what is left out, and what was decided'),
});

export type ModelPlan = z.output<typeof planSchema>;

export const PLAN_TOOL: ToolDefinition = {
  name: SUBMIT_PLAN,
  description: 'Hands in the plan of the build.',
  parameters: jsonSchemaOf(planSchema),
};

/** @throws z.ZodError for what is no plan */
export function readPlan(args: unknown): ModelPlan {
  return storable(planSchema.parse(args));
}

/** What was asked for explicitly wins over what the model read in the goal. */
const parametersSchema = z.object({
  framework: projectSpecSchema.shape.framework.optional(),
  database: projectSpecSchema.shape.database.optional(),
  features: z.array(z.string()).optional(),
  include_tests: z.boolean().optional(),
});

const KNOWN_PARAMETERS = new Set([
  ...Object.keys(parametersSchema.shape),
  'resources',
  ...LIMIT_PARAMETERS,
]);

/**
 * The specification of a model's plan, by the same schema as that of the offline engine.
 *
 * What a project was built as stays: features and resources are added to it. Source that doesn't rest on the
 * engine's text gets none of them: what is asked for by name is the model's work then.
 * @param head The project's source; `null`: it has none.
 * @throws BuildStopped where this version can't verify what was planned
 */
export function toPlan(goal: Goal, planned: ModelPlan, head: Head | null): Plan {
  const given = parametersSchema.safeParse(goal.parameters).data ?? {};
  const framework = chooseFramework(given.framework, planned, head);
  const previous = head?.isGenerated && head.spec ? head.spec : null;
  const canScaffold = head === null || previous !== null;
  const known = canScaffold ? featuresOf(framework) : [];
  const asked = given.features ?? planned.features;
  const unknown = asked.filter((name) => name !== 'health' && !known.includes(name));
  // Whatever runs the service needs its probes, so that every project has them.
  const features = [
    ...new Set([
      ...(previous?.features ?? []),
      ...asked.filter((name) => known.includes(name)),
      'health',
    ]),
  ].sort();
  const there = previous?.resources ?? [];
  const { resources, notes, problems } = normaliseResources(
    canScaffold ? [...there, ...planned.resources.filter(isNewTo(there))] : [],
    { hasAuth: features.includes('auth') },
  );
  const database = previous?.database ?? given.database ?? head?.spec?.database ?? planned.database;
  const includeTests = given.include_tests ?? (planned.include_tests || previous?.includeTests);
  const spec: ProjectSpec = {
    projectName: goal.projectName,
    framework,
    database,
    features,
    resources,
    includeTests: includeTests ?? true,
    notes: [
      ...planned.notes,
      ...notes,
      ...problems.map(({ message }) => `Not in the scaffold: ${message}`),
      ...(given.database && given.database !== database
        ? [`This project stays on the database ${database}`]
        : []),
      ...notesOnParameters(goal.parameters),
    ],
  };
  const tasks = [
    ...unknown.map((name) => `Make sure that the feature ${name} is there, with tests.`),
    ...planned.tasks,
    ...planned.resources.map(
      (resource) => `Make sure that this resource is there: ${JSON.stringify(resource)}`,
    ),
  ];
  const extendsSource =
    previous !== null &&
    (features.length > previous.features.length ||
      resources.length > there.length ||
      (spec.includeTests && !previous.includeTests));
  const isNothing = head !== null && tasks.length === 0 && !extendsSource;
  return { spec, tasks: isNothing ? [goal.goal] : tasks, extendsSource };
}

/** A resource of the project stays as it is: whatever else is wanted of it is the model's work. */
function isNewTo(there: readonly ResourceSpec[]): (resource: ResourceSpec) => boolean {
  const names = new Set(there.map(({ name }) => name));
  return ({ name }) => !names.has(singularName(name));
}

function notesOnParameters(parameters: Goal['parameters']): string[] {
  return Object.keys(parameters)
    .filter((name) => !KNOWN_PARAMETERS.has(name))
    .map((name) => `Unknown parameter, passed to the model: '${name}'`);
}

function featuresOf(framework: string): string[] {
  const capabilities = VERIFIED_FRAMEWORKS.find(({ name }) => name === framework);
  return capabilities?.features.map((feature) => feature.name) ?? [];
}

/** @throws BuildStopped */
function chooseFramework(
  given: Framework | undefined,
  { framework: name, language }: ModelPlan,
  head: Head | null,
): Framework {
  if (!isVerifiedLanguage(language)) {
    throw notSupported(
      `A model's code is verified in ${VERIFIED_LANGUAGES.join(' and ')} only in this version, ` +
        `and the goal asks for ${language.slice(0, 50)}`,
    );
  }
  const present = head?.spec?.framework;
  if (present !== undefined && given !== undefined && given !== present) {
    throw notSupported(
      `This project is built with ${present}, and stays so: choose another project_name`,
    );
  }
  const framework = present ?? given ?? verifiedFramework(name);
  if (framework === null) {
    throw notSupported(
      `A model's code is verified with ${VERIFIED_FRAMEWORKS.map((each) => each.name).join(', ')} only in this ` +
        `version, and the goal asks for ${name.slice(0, 50)}`,
    );
  }
  return framework;
}

function notSupported(message: string): BuildStopped {
  return new BuildStopped('not_supported', message);
}

function texts() {
  return z.array(z.string().min(1).max(MAX_TEXT)).max(MAX_ITEMS);
}
