import { z } from 'zod';

export const FIELD_TYPES = [
  'string',
  'text',
  'integer',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'uuid',
  'email',
  'url',
  'enum',
  'json',
] as const;

const fieldSpecSchema = z.object({
  name: z.string().min(1).max(64),
  type: z.enum(FIELD_TYPES),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  values: z.array(z.string()).optional(),
});

/** One kind of thing that a project stores, with the fields a caller may give. */
export const resourceSpecSchema = z.object({
  name: z.string().min(1).max(64),
  fields: z.array(fieldSpecSchema),
  /** Names of the resources that this one points to. */
  belongsTo: z.array(z.string()),
});

export const DATABASES = ['postgresql', 'sqlite', 'none'] as const;

/**
 * What a build makes, decided once by `plan` and followed by every later step.
 *
 * Plain data: it goes into the graph's checkpoint and comes back from it.
 */
export const projectSpecSchema = z.object({
  projectName: z.string().regex(/^[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]{0,99}$/),
  framework: z.enum(['fastapi', 'express', 'nestjs']),
  database: z.enum(DATABASES),
  /** Names from the capabilities, each once. */
  features: z.array(z.string()).min(1),
  resources: z.array(resourceSpecSchema),
  includeTests: z.boolean(),
  /** For the person who asked: what was not understood, word for word, and what was left out. */
  notes: z.array(z.string()),
});

export type ProjectSpec = z.infer<typeof projectSpecSchema>;
export type Framework = ProjectSpec['framework'];
export type Database = ProjectSpec['database'];
