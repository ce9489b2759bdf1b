/** A node of the tree of paths read from their ends. */
interface Node {
  children: Map<string, Node>;
  /** How many paths end in this suffix. */
  count: number;
  /** One of them; with a count of 1, the one. */
  path: string;
  /** The path that is this suffix and no more. */
  whole: string | null;
}

interface Match {
  file: string;
  /** What stood before the matched part: the folder of the machine that made the report. */
  prefix: string;
  /** How many names matched. */
  depth: number;
}

/** Code of others, that has the same names as one's own. */
const VENDORED = /(^|\/)(node_modules|site-packages|dist-packages|vendor)(\/|$)/;
/** Deeper paths are nobody's; bounds the work that one hostile path makes. */
const MAX_DEPTH = 64;

/** Finds the files of a tree that a report means, whatever machine it was made on: by the longest suffix of the path. */
export class PathMatcher {
  private readonly root = node('');
  private readonly paths: ReadonlySet<string>;

  constructor(paths: readonly string[]) {
    this.paths = new Set(paths);
    paths.forEach((path) => this.add(path));
  }

  /**
   * @param reported As the report names them.
   * @param source The report's own path in the tree: what lies nearer to it goes first.
   * @param roots Folders of the report's machine that relative paths start from.
   * @returns the file for each path that means one for sure; several paths may mean the same
   */
  match(reported: Iterable<string>, source: string, roots: readonly string[]): Map<string, string> {
    const found = new Map<string, Match>();
    for (const path of reported) {
      const match = this.find(path, source, roots);
      if (match) {
        found.set(path, match);
      }
    }
    return withoutStrangers(found, roots);
  }

  private find(reported: string, source: string, roots: readonly string[]): Match | null {
    const path = normalize(reported);
    if (path === '') {
      return null;
    }
    const near = this.findNear(path, source);
    if (near) {
      return near;
    }
    let best: Match | null = null;
    for (const candidate of [...roots.map((root) => normalize(`${root}/${path}`)), path]) {
      const match = this.findBySuffix(candidate);
      if (match && match.depth > (best?.depth ?? 0)) {
        best = match;
      }
    }
    return best;
  }

  /** Relative to the report's folder, or to one above it. */
  private findNear(path: string, source: string): Match | null {
    if (path.startsWith('/')) {
      return null;
    }
    const folders = source.split('/').slice(0, -1).slice(0, MAX_DEPTH);
    for (let length = folders.length; length >= 0; length -= 1) {
      const file = [...folders.slice(0, length), path].join('/');
      if (this.paths.has(file)) {
        return { file, prefix: '', depth: Infinity };
      }
    }
    return null;
  }

  private findBySuffix(path: string): Match | null {
    const names = path.split('/').filter((name) => name !== '');
    let at = this.root;
    let depth = 0;
    while (depth < Math.min(names.length, MAX_DEPTH)) {
      const next = at.children.get(names[names.length - 1 - depth] ?? '');
      if (!next) {
        break;
      }
      at = next;
      depth += 1;
    }
    const prefix = names.slice(0, names.length - depth).join('/');
    if (depth === 0 || VENDORED.test(prefix)) {
      return null;
    }
    if (at.whole !== null) {
      return { file: at.whole, prefix, depth };
    }
    // Beyond the suffix both paths go on, or the report's ends: a name alone is then too little.
    const isEnough = at.count === 1 && (depth > 1 || prefix === '');
    return isEnough ? { file: at.path, prefix, depth } : null;
  }

  private add(path: string): void {
    let at = this.root;
    for (const name of path.split('/').reverse()) {
      let next = at.children.get(name);
      if (!next) {
        next = node(path);
        at.children.set(name, next);
      }
      next.count += 1;
      at = next;
    }
    at.whole = path;
  }
}

/**
 * Leaves out what only looks alike.
 *
 * A lone name, as `setup.py`, counts only below a folder that longer matches share; and where several paths mean one
 * file, those count whose folder most others share.
 */
function withoutStrangers(
  found: ReadonlyMap<string, Match>,
  roots: readonly string[],
): Map<string, string> {
  const votes = new Map<string, number>();
  for (const { prefix, depth } of found.values()) {
    if (depth > 1) {
      votes.set(prefix, (votes.get(prefix) ?? 0) + 1);
    }
  }
  const known = new Set(roots.map((root) => normalize(root).replace(/^\//, '')));
  const likely = new Map<string, Match>();
  for (const match of found.values()) {
    const other = likely.get(match.file);
    if (!other || isLikelier(match, other, votes)) {
      likely.set(match.file, match);
    }
  }
  const files = new Map<string, string>();
  for (const [path, { file, prefix, depth }] of found) {
    const isTrusted = depth > 1 || prefix === '' || known.has(prefix) || votes.has(prefix);
    if ((isTrusted || votes.size === 0) && likely.get(file)?.prefix === prefix) {
      files.set(path, file);
    }
  }
  return files;
}

function isLikelier(a: Match, b: Match, votes: ReadonlyMap<string, number>): boolean {
  const votesOf = ({ prefix }: Match) => votes.get(prefix) ?? 0;
  if (a.depth !== b.depth) {
    return a.depth > b.depth;
  }
  return votesOf(a) === votesOf(b) ? a.prefix.length < b.prefix.length : votesOf(a) > votesOf(b);
}

/** With slashes, without `.`, `..` and the schemes that some tools put before. */
function normalize(path: string): string {
  const slashed = path
    .trim()
    .replace(/^file:\/\//, '')
    .replaceAll('\\', '/');
  const names: string[] = [];
  for (const name of slashed.split('/')) {
    if (name === '..') {
      names.pop();
    } else if (name !== '' && name !== '.') {
      names.push(name);
    }
  }
  return (slashed.startsWith('/') ? '/' : '') + names.join('/');
}

function node(path: string): Node {
  return { children: new Map(), count: 0, path, whole: null };
}
