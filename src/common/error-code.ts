/** The `code` of a system, database or library error, such as `ENOENT` or `23505`; empty where it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (typeof error.code === 'string' || typeof error.code === 'number')
    ? String(error.code)
    : '';
}
