import { ProblemError } from '../problems.js';

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };
const INVALID_TOKEN = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };

/** No token was given. */
export function notAuthenticated(): ProblemError {
  return new ProblemError(401, 'Not authenticated', { headers: CHALLENGE });
}

/** The same for an unknown user and a wrong password. */
export function invalidCredentials(): ProblemError {
  return new ProblemError(401, 'Wrong username or password', { headers: CHALLENGE });
}

/** Expired, forged, of the wrong kind, or of a session that has ended. */
export function invalidToken(cause?: unknown): ProblemError {
  return new ProblemError(401, 'The token is not valid', { headers: INVALID_TOKEN, cause });
}

/** The caller is known, and shut out. */
export function accountDisabled(): ProblemError {
  return new ProblemError(403, 'This account is disabled');
}

/** The caller is known, and may not do this. */
export function missingRole(): ProblemError {
  return new ProblemError(403, "Your role doesn't allow this");
}
