import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from '../common/api-error.js';
import { isProjectName } from '../common/validation/decorators.js';

/** A project's name in a path: `@Param('name', ProjectNameParam) name: string`. @throws ApiError bad_request */
@Injectable()
export class ProjectNameParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isProjectName(value)) {
      throw new ApiError(
        'bad_request',
        "A project's name must be 1 to 100 of A-Z a-z 0-9 . _ -, begin with a letter or digit and have no ..",
      );
    }
    return value;
  }
}

/** The rest of a path, for a route that ends with `*path`: `@Param('path', FilePathParam) path: string`. */
@Injectable()
export class FilePathParam implements PipeTransform<string | string[], string> {
  transform(value: string | string[]): string {
    const path = Array.isArray(value) ? value.join('/') : value;
    // Both forms of every address answer alike.
    return path.endsWith('/') ? path.slice(0, -1) : path;
  }
}
