import { notAuthenticated } from './auth-problems.js';

/** The token of an `Authorization` header. @throws ProblemError 401 where there is none */
export function bearerTokenOf(authorization: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw notAuthenticated();
  }
  return token;
}
