import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { invalidInput, type Place } from '../invalid-input.js';

const PLACES: Partial<Record<ArgumentMetadata['type'], Place>> = {
  body: 'body',
  query: 'query',
  param: 'path',
};

/** Validates what has a schema, as in `@Body({ schema })`; answers 422 with each bad field. */
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { type, schema }: ArgumentMetadata): Promise<unknown> {
    const place = PLACES[type];
    if (!schema || !place) {
      return value;
    }
    const result = await schema['~standard'].validate(value);
    if (result.issues) {
      throw invalidInput(place, result.issues);
    }
    return result.value;
  }
}
