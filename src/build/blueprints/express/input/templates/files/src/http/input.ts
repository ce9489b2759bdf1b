import type { Request } from 'express';
import type { z } from 'zod';
import { invalidInput, type Place } from '../invalid-input.js';

/** The request's body. @throws ProblemError 422 */
export function bodyOf<T>(schema: z.ZodType<T>, request: Request): T {
  return parse(schema, request.body, 'body');
}

/** The parameters after the question mark. @throws ProblemError 422 */
export function queryOf<T>(schema: z.ZodType<T>, request: Request): T {
  return parse(schema, request.query, 'query');
}

/** The parameters in the path. @throws ProblemError 422 */
export function paramsOf<T>(schema: z.ZodType<T>, request: Request): T {
  return parse(schema, request.params, 'path');
}

function parse<T>(schema: z.ZodType<T>, input: unknown, place: Place): T {
  const result = schema.safeParse(input);
  if (!result.success) {
    throw invalidInput(place, result.error.issues);
  }
  return result.data;
}
