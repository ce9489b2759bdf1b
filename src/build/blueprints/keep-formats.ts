type Format = (path: string, text: string) => string;

/** How many files are kept: a few thousand bytes each. */
const MAX_KEPT = 512;

/**
 * The same formatter, which remembers what it laid out last: most files of a project have the same text in every
 * project, and only those that have names in them take time again.
 *
 * @param format Whose answer depends on the text alone; `path` is for its errors.
 */
export function keepFormats(format: Format, maxKept = MAX_KEPT): Format {
  const kept = new Map<string, string>();
  return (path, text) => {
    const formatted = kept.get(text) ?? format(path, text);
    // Last used, last to go.
    kept.delete(text);
    kept.set(text, formatted);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) {
      kept.delete(oldest);
    }
    return formatted;
  };
}
