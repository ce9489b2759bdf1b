import { isText, sortedByPath, type SourceTree } from '../snapshots/source-tree.js';
import { mergeText } from './merge-text.js';
import { findRenames } from './renames.js';

export interface TreeVersions {
  /** What was generated last. */
  base: SourceTree;
  /** The user's files, made from it. */
  yours: SourceTree;
  /** What is generated now. */
  generated: SourceTree;
}

/**
 * - `both_changed`: the same lines
 * - `both_added`: two files of one name
 * - `deleted_by_you`: and the engine changed it
 * - `no_longer_generated`: and you changed it
 * - `not_comparable`: both changed what is no text, or too long
 * - `path_taken`: a file of yours stands where a folder has to be, or a folder where a file
 */
export type ConflictKind =
  | 'both_changed'
  | 'both_added'
  | 'deleted_by_you'
  | 'no_longer_generated'
  | 'not_comparable'
  | 'path_taken';

export interface Conflict {
  /** In your tree. */
  path: string;
  kind: ConflictKind;
  /**
   * The text with the standard markers where there are two to choose from, else the one that the tree doesn't have;
   * `null`: none, or too long to compare.
   */
  text: string | null;
}

export interface TreeMerge {
  files: SourceTree;
  /** By path. */
  conflicts: Conflict[];
  /** Paths that both sides changed, and whose changes fit. By path. */
  merged: string[];
}

/**
 * Merges a new generation into a user's tree: what only one side changed is taken from it, texts that both changed are
 * merged by lines. Wherever the two can't both be had, the tree keeps what the user has, to the byte, and the conflict
 * is told beside it. A file that the user renamed takes the engine's changes along.
 */
export function mergeTrees({ base, yours, generated }: TreeVersions): TreeMerge {
  const files = new Map<string, Buffer>();
  const conflicts: Conflict[] = [];
  const merged: string[] = [];
  const renames = renamesIn({ base, yours, generated });
  const renamedTo = new Set(renames.values());
  for (const path of pathsOf(base, yours, generated)) {
    if (renamedTo.has(path)) {
      continue;
    }
    const target = renames.get(path) ?? path;
    const version = {
      base: base.get(path),
      yours: yours.get(target),
      generated: generated.get(path),
    };
    const { content, conflict, isMerged } = mergeFile(version);
    if (content) {
      files.set(target, content);
    }
    if (conflict) {
      conflicts.push({ path: target, ...conflict });
    }
    if (isMerged) {
      merged.push(target);
    }
  }
  conflicts.push(...removeClashes(files, yours));
  return {
    files: new Map(sortedByPath(files)),
    conflicts: sortedByPath(conflicts.map((each) => [each.path, each])).map(([, each]) => each),
    merged: merged.sort(),
  };
}

interface FileVersions {
  base: Buffer | undefined;
  yours: Buffer | undefined;
  generated: Buffer | undefined;
}

interface FileMerge {
  /** Absent: no such file. */
  content?: Buffer | undefined;
  conflict?: Omit<Conflict, 'path'>;
  isMerged?: boolean;
}

function mergeFile({ base, yours, generated }: FileVersions): FileMerge {
  if (isSame(base, generated) || isSame(yours, generated)) {
    return { content: yours };
  }
  if (isSame(base, yours)) {
    return { content: generated };
  }
  if (!yours) {
    return { conflict: { kind: 'deleted_by_you', text: generated ? textOf(generated) : null } };
  }
  if (!generated) {
    return { content: yours, conflict: { kind: 'no_longer_generated', text: null } };
  }
  if (![base, yours, generated].every((content) => !content || isText(content))) {
    return { content: yours, conflict: { kind: 'not_comparable', text: null } };
  }
  const result = mergeText({
    base: base ? base.toString() : null,
    yours: yours.toString(),
    generated: generated.toString(),
  });
  if (result.isClean) {
    return { content: Buffer.from(result.text), isMerged: true };
  }
  const kind = base ? 'both_changed' : 'both_added';
  return {
    content: yours,
    conflict: { kind: result.text === null ? 'not_comparable' : kind, text: result.text },
  };
}

/** Only of files that the engine changed: any other rename is the user's alone. */
function renamesIn({ base, yours, generated }: TreeVersions): Map<string, string> {
  const gone = [...base].filter(
    ([path, content]) =>
      !yours.has(path) && generated.has(path) && !isSame(content, generated.get(path)),
  );
  const fresh = [...yours].filter(([path]) => !base.has(path) && !generated.has(path));
  return findRenames(new Map(gone), new Map(fresh));
}

/** A name can't be both a file and a folder: the user's stays what it is. */
function removeClashes(files: Map<string, Buffer>, yours: SourceTree): Conflict[] {
  const conflicts = new Map<string, Conflict>();
  const giveUp = (path: string) => {
    const content = files.get(path);
    files.delete(path);
    if (content) {
      conflicts.set(path, { path, kind: 'path_taken', text: textOf(content) });
    }
  };
  for (const path of [...files.keys()]) {
    for (const folder of foldersOf(path).filter((each) => files.has(each))) {
      giveUp(yours.has(folder) ? path : folder);
    }
  }
  return [...conflicts.values()];
}

/** `a/b/c` -> `a`, `a/b`. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function pathsOf(...trees: SourceTree[]): Set<string> {
  return new Set(trees.flatMap((tree) => [...tree.keys()]));
}

function isSame(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

function textOf(content: Buffer): string | null {
  return isText(content) ? content.toString() : null;
}
