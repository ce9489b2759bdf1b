import { isText, type SourceTree } from '../snapshots/source-tree.js';

/** As Git has it: files with half of their lines in common may be one that was renamed. */
const LEAST_SIMILARITY = 0.5;
/** Pairs of files to compare. */
const MAX_COMPARED = 10_000;
/** Larger files are only found again where nothing else was changed. */
const MAX_BYTES = 256 * 1024;

/**
 * What a user renamed: the path it had -> the one it has now.
 *
 * @param gone Files of the base that the user's tree lacks.
 * @param fresh Files of the user's tree that are the user's own.
 */
export function findRenames(gone: SourceTree, fresh: SourceTree): Map<string, string> {
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  const take = (from: string, to: string) => {
    renames.set(from, to);
    taken.add(to);
  };
  for (const [from, content] of gone) {
    const to = [...fresh].find(([path, other]) => !taken.has(path) && sameContent(content, other));
    if (to) {
      take(from, to[0]);
    }
  }
  const left = [...gone].filter(([from, content]) => !renames.has(from) && isComparable(content));
  const candidates = [...fresh].filter(
    ([path, content]) => !taken.has(path) && isComparable(content),
  );
  if (left.length * candidates.length > MAX_COMPARED) {
    return renames;
  }
  const pairs = left
    .flatMap(([from, old]) =>
      candidates.map(([to, content]) => ({ from, to, similarity: similarity(old, content) })),
    )
    .filter((pair) => pair.similarity >= LEAST_SIMILARITY)
    .sort((a, b) => b.similarity - a.similarity);
  for (const { from, to } of pairs) {
    if (!renames.has(from) && !taken.has(to)) {
      take(from, to);
    }
  }
  return renames;
}

/** Empty files are all alike: nothing shows that one was another. */
function sameContent(a: Buffer, b: Buffer): boolean {
  return a.length > 0 && a.equals(b);
}

function isComparable(content: Buffer): boolean {
  return content.length > 0 && content.length <= MAX_BYTES && isText(content);
}

/** 0 to 1: lines that both have, of the lines of the longer one. */
function similarity(a: Buffer, b: Buffer): number {
  const counts = new Map<string, number>();
  const [first, second] = [a, b].map((content) => content.toString().split(/\r?\n/)) as [
    string[],
    string[],
  ];
  for (const line of first) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  let common = 0;
  for (const line of second) {
    const count = counts.get(line) ?? 0;
    if (count > 0) {
      counts.set(line, count - 1);
      common += 1;
    }
  }
  return common / Math.max(first.length, second.length);
}
