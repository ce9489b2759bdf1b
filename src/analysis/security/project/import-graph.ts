import { posix } from 'node:path';

/** Files looked into from one: by imports of imports, and in all. */
const MAX_HOPS = 4;
const MAX_FILES = 40;

const SPECIFIER = /\b(?:from|require\s*\(|import)\s*\(?\s*(['"`])(\.{1,2}(?:\/[^'"`\n]*)?)\1/g;
const IMPORTING = /\.[cm]?[jt]sx?$/i;
const ENDINGS = ['.ts', '.tsx', '.js', '.jsx', '.mts', '.cts', '.mjs', '.cjs'];

/**
 * Which files of a project import which, told from their text alone: cheap, and never too little. What an answer on one
 * file depends on is that file and `reachable` of it.
 */
export class ImportGraph {
  private readonly direct = new Map<string, readonly string[]>();

  /** @param text Of a file of the project; undefined where there is none of that name. */
  constructor(private readonly text: (file: string) => string | undefined) {}

  /** Files that may have a part in a flow through this one, nearest first; without itself. */
  reachable(file: string): readonly string[] {
    const found = new Set([file]);
    let front: readonly string[] = [file];
    for (let hop = 0; hop < MAX_HOPS && front.length > 0; hop += 1) {
      const next: string[] = [];
      for (const imported of front.flatMap((from) => this.importsOf(from))) {
        if (!found.has(imported) && found.size <= MAX_FILES) {
          found.add(imported);
          next.push(imported);
        }
      }
      front = next;
    }
    found.delete(file);
    return [...found];
  }

  /** The file that `import ... from specifier` means in `from`. */
  resolve(from: string, specifier: string): string | null {
    const path = posix.normalize(posix.join(posix.dirname(from), specifier));
    if (path.startsWith('..')) {
      return null;
    }
    const bare = path.replace(/\/$/, '');
    const typed = bare.replace(/\.([cm]?)jsx?$/, '.$1ts');
    const candidates = [
      ...(path === bare && IMPORTING.test(bare) ? [bare, typed, `${typed}x`] : []),
      ...ENDINGS.map((ending) => bare + ending),
      ...ENDINGS.map((ending) => posix.join(bare, `index${ending}`)),
    ];
    return candidates.find((candidate) => this.text(candidate) !== undefined) ?? null;
  }

  private importsOf(file: string): readonly string[] {
    const known = this.direct.get(file);
    if (known) {
      return known;
    }
    const text = IMPORTING.test(file) ? (this.text(file) ?? '') : '';
    const specifiers = new Set([...text.matchAll(SPECIFIER)].map((match) => match[2] ?? ''));
    const imports = [...specifiers].flatMap((specifier) => this.resolve(file, specifier) ?? []);
    this.direct.set(file, imports);
    return imports;
  }
}
