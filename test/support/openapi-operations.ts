import type { SystemClient } from './system-client.js';

/** A JSON schema, as far as a generator reads it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  /** `POST /api/build` */
  name: string;
  method: string;
  path: string;
  parameters: Parameter[];
  /** Media type -> schema. */
  bodies: Record<string, Schema>;
}

export interface OpenApi {
  operations: Operation[];
  schemas: Record<string, Schema>;
}

interface Document {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

interface RawOperation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** Every operation that the running product describes. */
export async function readOpenApi(system: SystemClient): Promise<OpenApi> {
  const { body } = await system.request<Document>('GET', '/api/openapi.json');
  const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lowerCase, raw]) => {
      const method = lowerCase.toUpperCase();
      const content = Object.entries(raw.requestBody?.content ?? {});
      return {
        ...{ name: `${method} ${path}`, method, path, parameters: raw.parameters ?? [] },
        bodies: Object.fromEntries(content.map(([type, { schema }]) => [type, schema])),
      };
    }),
  );
  return { operations, schemas: body.components.schemas };
}

/** Follows references and merges `allOf`. */
export function resolved(schema: Schema, schemas: Record<string, Schema>): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? schema : (schemas[name] ?? {});
  return (target.allOf ?? []).reduce<Schema>(
    (merged, part) => ({ ...merged, ...resolved(part, schemas) }),
    target,
  );
}
