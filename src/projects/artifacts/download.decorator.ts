import { applyDecorators, Header } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { LargeTransfer } from '../../common/large-transfers.js';

/** The route answers with a file of these types, which no browser may take for anything else. */
export function Download(description: string, ...types: string[]): MethodDecorator {
  return applyDecorators(
    LargeTransfer(true),
    Header('X-Content-Type-Options', 'nosniff'),
    ApiOkResponse({
      description,
      content: Object.fromEntries(
        types.map((type) => [
          type,
          { schema: { type: 'string', ...(type !== 'text/plain' && { format: 'binary' }) } },
        ]),
      ),
    }),
  );
}
