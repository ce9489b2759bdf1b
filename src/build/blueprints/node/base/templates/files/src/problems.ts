import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of every error answer (RFC 9457). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** For invalid input: the path of each field and what is wrong with it. */
  errors: z.record(z.string(), z.string()).optional(),
});

export type Problem = z.infer<typeof problemSchema>;

export interface ProblemExtras {
  headers?: Record<string, string>;
  errors?: Record<string, string>;
  cause?: unknown;
}

/** A failure that the caller is told about. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly headers: Record<string, string>;
  readonly errors: Record<string, string> | undefined;

  constructor(
    readonly status: number,
    readonly detail: string,
    { headers = {}, errors, cause }: ProblemExtras = {},
  ) {
    super(detail, { cause });
    this.headers = headers;
    this.errors = errors;
  }

  toProblem(): Problem {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      ...(this.errors && { errors: this.errors }),
    };
  }
}

/** Any failure as one that may be shown: what was not foreseen says nothing of itself. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) {
    return error;
  }
  const status = statusOf(error);
  return status >= 400 && status < 500
    ? new ProblemError(status, STATUS_CODES[status] ?? 'Error', { cause: error })
    : new ProblemError(500, 'Unexpected error', { cause: error });
}

/** Errors of the framework and its parsers carry the status that they stand for. */
function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : 500;
}
