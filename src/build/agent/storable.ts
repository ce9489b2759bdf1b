/** What neither PostgreSQL's JSON nor a terminal takes: control characters but tab and line end, lone surrogates. */
const UNSTORABLE = /[^\P{Cc}\t\n]|\p{Cs}/gu;

/** Text of a model or of a workspace, fit to be stored, sent and shown. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '');
}

/** Plain data with every text in it made storable. */
export function storable<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'string' ? storableText(part) : part,
    ),
  ) as T;
}

/** The first `max` characters, with a mark where something is missing. */
export function cutText(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text.slice(0, max)}\n[cut: ${max} of ${text.length} characters shown]`;
}
