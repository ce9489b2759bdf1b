import { z } from 'zod';
import {
  DATABASES,
  fieldSpecSchema,
  FRAMEWORKS,
  MAX_FIELDS,
  MAX_RESOURCES,
  resourceSpecSchema,
  type ResourceSpec,
} from './project-spec.js';

const wireResource = z.looseObject({
  name: z.string(),
  fields: z.array(fieldSpecSchema).max(MAX_FIELDS).default([]),
  belongs_to: z.array(z.string()).default([]),
  readable_by: resourceSpecSchema.shape.readableBy,
  deletable_by: resourceSpecSchema.shape.deletableBy,
});

/** What the offline engine reads of a build's `parameters`; as checked by the API, or from a build of long ago. */
export const parametersSchema = z.object({
  framework: z.enum(FRAMEWORKS).optional(),
  database: z.enum(DATABASES).optional(),
  features: z.array(z.string()).optional(),
  resources: z.array(wireResource).max(MAX_RESOURCES).optional(),
  include_tests: z.boolean().optional(),
  // Limits for a model, which this engine has none of: no reason to say that they are not used.
  max_calls: z.unknown().optional(),
  max_tokens: z.unknown().optional(),
  max_cost_usd: z.unknown().optional(),
  max_seconds: z.unknown().optional(),
  max_attempts: z.unknown().optional(),
});

export type BuildParameters = z.infer<typeof parametersSchema>;

/** The resources as specifications have them. */
export function resourcesOf({
  resources = [],
}: Pick<BuildParameters, 'resources'>): ResourceSpec[] {
  return resources.map((resource) => ({
    name: resource.name,
    fields: resource.fields,
    belongsTo: resource.belongs_to,
    readableBy: resource.readable_by,
    deletableBy: resource.deletable_by,
  }));
}

/** Names that nobody knows, for the notes. */
export function unknownParameters(all: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(all).filter((key) => !(key in parametersSchema.shape));
}
