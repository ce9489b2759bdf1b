import { z } from 'zod';
import {
  DATABASES,
  projectSpecSchema,
  resourceSpecSchema,
  type Framework,
  type ProjectSpec,
} from '../../blueprints/project-spec.js';
import { normaliseResources } from '../../blueprints/normalise-resources.js';
import { BuildStopped } from '../build-stopped.js';
import type { Goal, Plan, ToolDefinition } from '../code-model.js';
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
 * @param hasSource Whether the project has source: nothing is scaffolded then, so that features name nothing.
 * @throws BuildStopped where this version can't verify what was planned
 */
export function toPlan(goal: Goal, planned: ModelPlan, hasSource: boolean): Plan {
  const given = parametersSchema.safeParse(goal.parameters).data ?? {};
  const framework = chooseFramework(given.framework ?? planned.framework, planned.language);
  const known = featuresOf(framework);
  const asked = given.features ?? planned.features;
  const unknown = asked.filter((name) => !known.includes(name));
  // Whatever runs the service needs its probes, so that every project has them.
  const features = [...new Set([...asked.filter((name) => known.includes(name)), 'health'])].sort();
  const { resources, notes, problems } = normaliseResources(planned.resources, {
    hasAuth: features.includes('auth'),
  });
  const spec: ProjectSpec = {
    projectName: goal.projectName,
    framework,
    database: given.database ?? planned.database,
    features,
    resources,
    includeTests: given.include_tests ?? planned.include_tests,
    notes: [
      ...planned.notes,
      ...notes,
      ...problems.map(({ message }) => `Not in the scaffold: ${message}`),
      ...notesOnParameters(goal.parameters),
    ],
  };
  const tasks = [
    ...unknown.map((name) => `Add the feature ${name}, with tests.`),
    ...planned.tasks,
    ...planned.resources.map(
      (resource) => `Make sure that this resource is there: ${JSON.stringify(resource)}`,
    ),
  ];
  return { spec, tasks: hasSource && tasks.length === 0 ? [goal.goal] : tasks };
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
function chooseFramework(name: string, language: string): Framework {
  if (!isVerifiedLanguage(language)) {
    throw new BuildStopped(
      'not_supported',
      `A model's code is verified in ${VERIFIED_LANGUAGES.join(' and ')} only in this version, ` +
        `and the goal asks for ${language.slice(0, 50)}`,
    );
  }
  const framework = verifiedFramework(name);
  if (framework === null) {
    throw new BuildStopped(
      'not_supported',
      `A model's code is verified with ${VERIFIED_FRAMEWORKS.map((each) => each.name).join(', ')} only in this ` +
        `version, and the goal asks for ${name.slice(0, 50)}`,
    );
  }
  return framework;
}

function texts() {
  return z.array(z.string().min(1).max(MAX_TEXT)).max(MAX_ITEMS);
}
