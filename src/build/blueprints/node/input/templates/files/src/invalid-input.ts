import { ProblemError } from './problems.js';

/** Where in a request something was read. */
export type Place = 'body' | 'query' | 'path';

interface Issue {
  readonly message: string;
  /** Of zod, for names that nobody knows. */
  readonly keys?: readonly string[];
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Names each bad field, without the input itself: that may be a password. */
export function invalidInput(place: Place, issues: readonly Issue[]): ProblemError {
  const errors = Object.fromEntries(
    issues.flatMap((issue) =>
      pathsOf(issue).map((path) => [[place, ...path].join('.'), issue.message]),
    ),
  );
  return new ProblemError(422, 'The input is not valid', { errors });
}

/** Of what is wrong; names that nobody knows are told one by one. */
function pathsOf({ path = [], keys }: Issue): string[][] {
  const place = path.map(keyOf);
  return keys ? keys.map((key) => [...place, key]) : [place];
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
