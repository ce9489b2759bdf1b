import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from '../../common/api-error.js';

/** `@Param('fingerprint', FingerprintParam) fingerprint: string`. @throws ApiError validation_error */
@Injectable()
export class FingerprintParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!/^[0-9a-f]{32}$/.test(value)) {
      throw new ApiError('validation_error', 'The request does not fit its schema', {
        errors: [{ field: 'fingerprint', message: 'must be 32 hexadecimal digits' }],
      });
    }
    return value;
  }
}
