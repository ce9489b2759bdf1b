/** Plain data as TypeScript source, written as prettier does where it fits the line. */
export function typescriptLiteral(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `'${text}'`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(typescriptLiteral).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, each]) => `${propertyName(key)}: ${typescriptLiteral(each)}`,
    );
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return JSON.stringify(value ?? null);
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : typescriptLiteral(key);
}
