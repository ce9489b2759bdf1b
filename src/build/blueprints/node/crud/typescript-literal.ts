/** Plain data as TypeScript source, with the quotes that prettier prefers. */
export function typescriptLiteral(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `'${text}'`;
  }
  return JSON.stringify(value ?? null);
}
