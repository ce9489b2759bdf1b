import type { Conflict } from '../../projects/merge/merge-trees.js';
import type { MergeConflict } from '../build-results.js';
import { cutText, storableText } from './storable.js';

const MAX_TEXT = 64 * 1024;
/** Of all texts together: results are one row, and one answer. */
const MAX_TEXTS = 512 * 1024;
const MAX_NAMED = 5;
/** Of all that a model is told at once. */
const MAX_TOLD = 24_000;

/** Conflicts as results have them: what gets too long in all is named without its text. */
export function toReport(conflicts: Conflict[]): MergeConflict[] {
  let left = MAX_TEXTS;
  return conflicts.map(({ path, kind, text }) => {
    const shown = text === null ? null : cutText(storableText(text), MAX_TEXT);
    const fits = shown !== null && shown.length <= left;
    left -= fits ? shown.length : 0;
    return { path, kind, text: fits ? shown : null };
  });
}

/** As a model reads them; `null`: there are none. */
export function describeConflicts(conflicts: MergeConflict[]): string | null {
  if (conflicts.length === 0) {
    return null;
  }
  const texts = conflicts.map(({ path, kind, text }) =>
    text === null ? `${path}: ${kind}` : `${path}: ${kind}\n${text}`,
  );
  return cutText(texts.join('\n\n'), MAX_TOLD);
}

/** Why a build with conflicts is not completed, and what to do; `null`: there are none. */
export function conflictProblem(conflicts: MergeConflict[]): string | null {
  if (conflicts.length === 0) {
    return null;
  }
  const named = conflicts.slice(0, MAX_NAMED).map(({ path }) => path);
  const more = conflicts.length - named.length;
  return (
    `The project's own changes and what the goal asks for conflict in ${named.join(', ')}` +
    `${more > 0 ? ` and ${more} more` : ''}. Its own text was kept there, and results.conflicts has both: ` +
    `restore this build's snapshot, settle them, upload the source, and build on`
  );
}
