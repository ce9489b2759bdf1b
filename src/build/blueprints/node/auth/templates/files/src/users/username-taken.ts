import { ProblemError } from '../problems.js';

/** Two users can't share a name. */
export function usernameTaken(cause?: unknown): ProblemError {
  return new ProblemError(409, 'This username is taken', { cause });
}
