import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ApiError } from '../api-error.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID of any version, in either case. */
function isUuid(text: string): boolean {
  return UUID.test(text.toLowerCase());
}

/** An id in a path, in lower case: `@Param('task_id', UuidParam) id: string`. @throws ApiError validation_error */
@Injectable()
export class UuidParam implements PipeTransform<string, string> {
  transform(value: string, { data }: ArgumentMetadata): string {
    if (!isUuid(value)) {
      throw new ApiError('validation_error', 'The request does not fit its schema', {
        errors: [{ field: data ?? 'id', message: 'must be a UUID' }],
      });
    }
    return value.toLowerCase();
  }
}
