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

export const FRAMEWORKS = ['fastapi', 'express', 'nestjs'] as const;
export const DATABASES = ['postgresql', 'sqlite', 'none'] as const;

export const MAX_RESOURCES = 50;
export const MAX_FIELDS = 50;
/** Keeps every generated line inside the linter's 100 columns. */
export const MAX_NAME = 40;

/**
 * One field that a caller may give; `id`, `created_at`, `updated_at` and the ids of parents and owners are added by
 * the blueprints.
 */
export const fieldSpecSchema = z.object({
  /** In snake_case once it is normalised: no reserved word, unique in its resource. */
  name: z.string().min(1).max(64),
  type: z.enum(FIELD_TYPES),
  /** Not required and without default: may be `null`, and is where it wasn't given. */
  required: z.boolean().default(false),
  unique: z.boolean().default(false),
  /** Taken where a caller gives nothing, and never `null` then. Fits type, bounds and values. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Least value of a number, least length of a text. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Of an enum, at least one. */
  values: z.array(z.string().min(1).max(64)).max(100).optional(),
});

/** One kind of thing that a project stores. */
export const resourceSpecSchema = z.object({
  /** Singular, in snake_case once it is normalised; every other form is derived by `namesOf`. */
  name: z.string().min(1).max(64),
  /** At least one. */
  fields: z.array(fieldSpecSchema).max(MAX_FIELDS),
  /**
   * Names of the resources that this one points to, each once: a required foreign key `<name>_id` here, the list
   * `/<parents>/{id}/<children>` there. Without cycles.
   */
  belongsTo: z.array(z.string()).default([]),
  /** With auth: who reads. `owner`: whoever made it, and admins; `everyone`: every caller with an account. */
  readableBy: z.enum(['owner', 'everyone']).default('owner'),
  /** With auth: who deletes. `owner`: whoever made it, and admins; changing is always as `owner`. */
  deletableBy: z.enum(['owner', 'admin']).default('owner'),
});

/**
 * What a build makes, decided once by `plan` and followed by every later step.
 *
 * Plain data: it goes into the graph's checkpoint and comes back from it. The blueprints rely on what
 * `normaliseResources` promises: run what comes from anywhere else through it.
 */
export const projectSpecSchema = z.object({
  projectName: z.string().regex(/^[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]{0,99}$/),
  framework: z.enum(FRAMEWORKS),
  database: z.enum(DATABASES),
  /** Of `SPEC_FEATURES`, sorted, each once; `health` is always there. */
  features: z.array(z.string()).min(1),
  /** Parents before their children. */
  resources: z.array(resourceSpecSchema).max(MAX_RESOURCES),
  includeTests: z.boolean(),
  /** For the person who asked: what was not understood, word for word, and what was left out. */
  notes: z.array(z.string()),
});

export type ProjectSpec = z.infer<typeof projectSpecSchema>;
export type ResourceSpec = z.infer<typeof resourceSpecSchema>;
export type FieldSpec = z.infer<typeof fieldSpecSchema>;
export type FieldType = FieldSpec['type'];
export type Framework = ProjectSpec['framework'];
export type Database = ProjectSpec['database'];
