import { ProblemError } from './problems.js';

/** Where in a request something was read. */
export type Place = 'body' | 'query' | 'path';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Names each bad field, without the input itself: that may be a password. */
export function invalidInput(place: Place, issues: readonly Issue[]): ProblemError {
  const errors = Object.fromEntries(
    issues.map(({ path = [], message }) => [[place, ...path.map(keyOf)].join('.'), message]),
  );
  return new ProblemError(422, 'The input is not valid', { errors });
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
