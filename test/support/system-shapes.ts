/** What every timestamp looks like: ISO 8601, UTC, `Z`. */
export const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

const ERRORS: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'validation_error',
  429: 'rate_limit_exceeded',
  503: 'service_unavailable',
};

/** The documented body of an error, and nothing beside it but the fields that fail their schema. */
export function errorBody(status: number): object {
  return {
    error: ERRORS[status],
    detail: expect.stringMatching(/\S/) as string,
    status_code: status,
    timestamp: expect.stringMatching(TIMESTAMP) as string,
    ...(status === 422 && {
      errors: expect.arrayContaining([
        { field: expect.any(String) as string, message: expect.stringMatching(/\S/) as string },
      ]) as object[],
    }),
  };
}
