import { setImmediate as nextTurn } from 'node:timers/promises';
import { structuredPatch } from 'diff';
import { isText, sortedByPath, type SourceTree } from '../snapshots/source-tree.js';

export interface DiffLimits {
  /** Of the whole diff, in characters. */
  maxLength: number;
  /** Of one file's part. */
  maxFileLength: number;
}

const DEFAULT_LIMITS: DiffLimits = { maxLength: 4 * 1024 * 1024, maxFileLength: 512 * 1024 };
const CONTEXT_LINES = 3;
/** Files beyond it are named, not compared. */
const MAX_COMPARED_BYTES = 1024 * 1024;
/** Changed lines beyond which a file is shown as replaced: the comparison takes time with their square. */
const MAX_EDITS = 600;
/** Sum of those squares for one diff: well under a second. */
const MAX_EFFORT = 10 * MAX_EDITS ** 2;

/**
 * Unified diff of two trees, in Git's form: `git apply` and `patch -p1` take it.
 *
 * What is too long is left out, file by file, with a line that says so where it would have been.
 */
export async function unifiedDiff(
  before: SourceTree,
  after: SourceTree,
  limits: DiffLimits = DEFAULT_LIMITS,
): Promise<string> {
  const changed = sortedByPath(new Map([...before, ...after])).filter(
    ([path]) => !isSame(before.get(path), after.get(path)),
  );
  const comparison = new Comparison();
  const parts: string[] = [];
  let length = 0;
  for (const [index, [path]] of changed.entries()) {
    let part = comparison.fileDiff(path, before.get(path), after.get(path));
    if (part.length > limits.maxFileLength) {
      part = tooLong(path);
    }
    length += part.length;
    if (length > limits.maxLength) {
      parts.push(`[diff cut here: ${changed.length - index} more files differ]\n`);
      break;
    }
    parts.push(part);
    // A comparison blocks the event loop: never more than one a turn.
    await nextTurn();
  }
  return parts.join('');
}

/** Counts what comparing has cost so far, so that a diff ends however hostile its files are. */
class Comparison {
  private effort = 0;

  fileDiff(path: string, before: Buffer | undefined, after: Buffer | undefined): string {
    const header =
      `diff --git a/${path} b/${path}\n` +
      (before ? '' : 'new file mode 100644\n') +
      (after ? '' : 'deleted file mode 100644\n');
    const oldName = before ? `a/${path}` : '/dev/null';
    const newName = after ? `b/${path}` : '/dev/null';
    if (!isText(before ?? EMPTY) || !isText(after ?? EMPTY)) {
      return `${header}Binary files ${oldName} and ${newName} differ\n`;
    }
    if (Math.max(before?.length ?? 0, after?.length ?? 0) > MAX_COMPARED_BYTES) {
      return tooLong(path);
    }
    const hunks = this.hunks((before ?? EMPTY).toString(), (after ?? EMPTY).toString());
    return hunks === ''
      ? header
      : `${header}--- ${named(oldName)}\n+++ ${named(newName)}\n${hunks}`;
  }

  private hunks(before: string, after: string): string {
    if (before === '' || after === '' || this.effort >= MAX_EFFORT) {
      return replacement(before, after);
    }
    const patch = structuredPatch('', '', before, after, '', '', {
      context: CONTEXT_LINES,
      maxEditLength: MAX_EDITS,
    });
    if (!patch) {
      this.effort += MAX_EDITS ** 2;
      return replacement(before, after);
    }
    const edits = patch.hunks.flatMap((hunk) => hunk.lines).filter((line) => /^[+-]/.test(line));
    this.effort += edits.length ** 2;
    return patch.hunks
      .map((hunk) => {
        const range = rangeOf(hunk.oldStart, hunk.oldLines, hunk.newStart, hunk.newLines);
        return `${range}${hunk.lines.join('\n')}\n`;
      })
      .join('');
  }
}

const EMPTY = Buffer.alloc(0);

function isSame(before: Buffer | undefined, after: Buffer | undefined): boolean {
  return before !== undefined && after !== undefined && before.equals(after);
}

function tooLong(path: string): string {
  return `diff --git a/${path} b/${path}\n[too long to show: a/${path} and b/${path} differ]\n`;
}

/** One hunk that takes every old line out and puts every new one in. */
function replacement(before: string, after: string): string {
  const removed = linesOf(before);
  const added = linesOf(after);
  if (removed.count === 0 && added.count === 0) {
    return '';
  }
  return rangeOf(1, removed.count, 1, added.count) + removed.with('-') + added.with('+');
}

function linesOf(text: string): { count: number; with(sign: string): string } {
  const lines = text.split('\n');
  const endsWithLine = lines.at(-1) === '';
  if (endsWithLine) {
    lines.pop();
  }
  return {
    count: lines.length,
    with: (sign) =>
      lines.map((line) => `${sign}${line}\n`).join('') +
      (endsWithLine ? '' : '\\ No newline at end of file\n'),
  };
}

/** Of an empty side, the format names the line before it. */
function rangeOf(oldStart: number, oldLines: number, newStart: number, newLines: number): string {
  const from = oldLines === 0 ? oldStart - 1 : oldStart;
  const to = newLines === 0 ? newStart - 1 : newStart;
  return `@@ -${from},${oldLines} +${to},${newLines} @@\n`;
}

/** A name with a space needs a tab behind it, or `patch` takes the rest for a date. */
function named(name: string): string {
  return name.includes(' ') ? `${name}\t` : name;
}
