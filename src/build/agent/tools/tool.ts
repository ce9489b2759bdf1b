import { z } from 'zod';

export interface Tool {
  description: string;
  /** JSON Schema. */
  parameters: Record<string, unknown>;
  /** @throws z.ZodError for arguments that don't fit, ToolProblem for what can't be done */
  call(args: unknown): Promise<string>;
}

/** One tool: the schema checks its arguments and tells the model what they are. */
export function defineTool<S extends z.ZodType>(
  description: string,
  schema: S,
  run: (args: z.output<S>) => string | Promise<string>,
): Tool {
  return {
    description,
    parameters: jsonSchemaOf(schema),
    call: async (args) => run(schema.parse(args)),
  };
}

/** Without the name of the dialect, which some servers refuse. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

/** One line for a model that gave the wrong arguments. */
export function describeMismatch(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`)
    .join('; ');
}
