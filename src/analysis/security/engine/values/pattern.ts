/** Names whose matches are kept; hostile code makes longer and longer ones. */
const MAX_KNOWN = 4_096;
const MAX_LENGTH = 200;

/**
 * Patterns that name callees and members: `subprocess.run`, `$req.query`, `*.execute` (any receiver), `*`,
 * `hashlib.{md5,sha1}` (either). A pattern without `*` must match the whole canonical name.
 */
export class PatternIndex<T> {
  private readonly exact = new Map<string, T[]>();
  private readonly always: T[] = [];
  private readonly bySuffix = new Map<string, { suffix: string; entry: T }[]>();

  /** What was asked for: each call and member of a file asks for the same few names again. */
  private readonly matched = new Map<string, readonly T[]>();

  add(pattern: string, entry: T): void {
    this.matched.clear();
    for (const plain of expand(pattern)) {
      if (plain === '*') {
        this.always.push(entry);
      } else if (plain.startsWith('*.')) {
        const suffix = plain.slice(1);
        const key = lastSegment(suffix);
        this.bySuffix.set(key, [...(this.bySuffix.get(key) ?? []), { suffix, entry }]);
      } else {
        this.exact.set(plain, [...(this.exact.get(plain) ?? []), entry]);
      }
    }
  }

  /** Entries whose pattern matches, in the order they were added (exact names first). */
  match(path: string): readonly T[] {
    const known = this.matched.get(path);
    if (known) {
      return known;
    }
    const found = this.matching(path);
    if (path.length <= MAX_LENGTH) {
      if (this.matched.size >= MAX_KNOWN) {
        this.matched.clear();
      }
      this.matched.set(path, found);
    }
    return found;
  }

  private matching(path: string): readonly T[] {
    const exact = this.exact.get(path);
    const candidates = this.bySuffix.get(lastSegment(path));
    const found = candidates?.filter(({ suffix }) => path.endsWith(suffix));
    return exact || (found && found.length > 0)
      ? [...(exact ?? []), ...this.always, ...(found ?? []).map(({ entry }) => entry)]
      : this.always;
  }
}

/** `a.{b,c}` is `a.b` and `a.c`. */
export function expand(pattern: string): string[] {
  const braces = /\{([^{}]*)\}/.exec(pattern);
  if (!braces) {
    return [pattern];
  }
  const before = pattern.slice(0, braces.index);
  const after = pattern.slice(braces.index + braces[0].length);
  return (braces[1] ?? '').split(',').flatMap((option) => expand(before + option.trim() + after));
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
