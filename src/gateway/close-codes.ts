/** Why the server ends a stream: RFC 6455's codes, and 4000 + the HTTP status that would say the same. */
export const CLOSE = {
  done: 1000,
  goingAway: 1001,
  internalError: 1011,
  tryAgainLater: 1013,
  badRequest: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  notFound: 4404,
  slowReader: 4408,
  tooManyConnections: 4429,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** The client may not have this stream. The reason is read by the client: at most 123 bytes. */
export class StreamRefused extends Error {
  override name = 'StreamRefused';

  constructor(
    readonly code: CloseCode,
    readonly reason: string,
  ) {
    super(reason);
  }
}
