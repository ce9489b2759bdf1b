import type { Value } from './value.js';

/** Equal for values that a function can't tell apart. */
export function signature(value: Value, depth: number): string {
  const origins = value.origins
    .map(({ kind, clean, step }) => `${kind}${clean}@${step.start}`)
    .join(',');
  const fields =
    depth > 0 && value.fields
      ? [...value.fields].map(([key, field]) => `${key}:${signature(field, depth - 1)}`).join(';')
      : '';
  const text =
    value.text
      ?.map((part) => part ?? '\0')
      .join('')
      .slice(0, 200) ?? '';
  return `${value.path ?? ''}~${text}~${origins}~${fields}~${value.closure ? `${value.closure.frame.home}:${value.closure.fn.start}` : ''}`;
}
