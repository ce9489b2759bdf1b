/** Smaller inputs of tasks don't count as stored bytes: they are about what the row takes anyway. */
export const LARGE_INPUT_BYTES = 4_096;

/** What the row of a snapshot takes, and that of each of its files, indexes included: measured, 164 bytes a file. */
const SNAPSHOT_ROW_BYTES = 512;
const FILE_ROW_BYTES = 160;

/** What a snapshot takes beside its contents and paths: thousands of empty files are not free. */
export function rowBytes(fileCount: number): number {
  return SNAPSHOT_ROW_BYTES + FILE_ROW_BYTES * fileCount;
}

/** Of the snapshot `s`: a build stored a newer one after it. */
export const IS_SUPERSEDED = `(s.task_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM snapshots n
  WHERE n.task_id = s.task_id AND (n.created_at, n.id) > (s.created_at, s.id)))`;

/**
 * What counts for the quota of the user `$1`: files, their paths and rows in all snapshots but those that a build only
 * stored on its way to its last one, and large inputs of tasks.
 */
export const STORED_BYTES = `
  (SELECT COALESCE(sum(s.total_bytes + s.path_bytes
                       + ${SNAPSHOT_ROW_BYTES} + ${FILE_ROW_BYTES} * s.file_count), 0)
   FROM snapshots s JOIN projects p ON p.id = s.project_id
   WHERE p.owner = $1 AND NOT ${IS_SUPERSEDED})
  + (SELECT COALESCE(sum(t.input_bytes), 0) FROM tasks t
     WHERE t.owner = $1 AND t.input_bytes >= ${LARGE_INPUT_BYTES})`;
