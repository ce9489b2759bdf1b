const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** Prefix letters, quote length and body bounds of a Python string literal. */
export function stringParts(source: string): {
  prefix: string;
  bodyStart: number;
  bodyEnd: number;
} {
  const prefix = /^[A-Za-z]*/.exec(source)?.[0] ?? '';
  const quote = source[prefix.length] ?? '"';
  const triple = source.startsWith(quote.repeat(3), prefix.length);
  const width = triple ? 3 : 1;
  const bodyStart = Math.min(prefix.length + width, source.length);
  const closed = source.length - bodyStart >= width && source.endsWith(quote.repeat(width));
  return {
    prefix: prefix.toLowerCase(),
    bodyStart,
    bodyEnd: closed ? source.length - width : source.length,
  };
}

/** The text a literal's body stands for; escapes that matter to no rule stay as written. */
export function unescape(body: string, prefix: string): string {
  if (prefix.includes('r') || !body.includes('\\')) {
    return body;
  }
  return body.replace(
    /\\(x[0-9a-fA-F]{2}|[^x])/g,
    (whole, escape: string) =>
      ESCAPES[escape] ??
      (escape.length === 3 ? String.fromCharCode(parseInt(escape.slice(1), 16)) : whole),
  );
}
