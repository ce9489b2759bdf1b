import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { PROBLEM_TYPE, problemSchema } from '../problems.js';

/** What the OpenAPI document says of one route. */
export interface Route {
  tag: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  status?: number;
  /** Absent: an answer without a body. */
  answer?: z.ZodType;
  /** The statuses of its problems. */
  problems?: readonly number[];
  /** Whether it needs an access token. */
  secured?: boolean;
}

/** Path -> method -> route. */
export type Routes = Record<string, Record<string, Route>>;

/** A route as an OpenAPI operation. */
export function toOperation(route: Route): object {
  const { status = 200, answer, body, problems = [] } = route;
  return {
    tags: [route.tag],
    summary: route.summary,
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...(body && { requestBody: { required: true, content: jsonOf(body, 'input') } }),
    responses: {
      [status]: {
        description: STATUS_CODES[status] ?? '',
        ...(answer && { content: jsonOf(answer, 'output') }),
      },
      ...Object.fromEntries(problems.map((each) => [each, problemAnswer(each)])),
    },
    ...(route.secured && { security: [{ bearer: [] }] }),
  };
}

function parametersOf(place: 'path' | 'query', schema?: z.ZodObject): object[] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema?.shape ?? {};
  return Object.entries(shape).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: schemaOf(each, 'input'),
  }));
}

function problemAnswer(status: number): object {
  return {
    description: STATUS_CODES[status] ?? '',
    content: { [PROBLEM_TYPE]: { schema: schemaOf(problemSchema, 'output') } },
  };
}

function jsonOf(schema: z.ZodType, io: 'input' | 'output'): object {
  return { 'application/json': { schema: schemaOf(schema, io) } };
}

function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}
