/** Smaller inputs of tasks don't count as stored bytes: they are about what the row takes anyway. */
export const LARGE_INPUT_BYTES = 4_096;

/** Of the snapshot `s`: a build stored a newer one after it. */
export const IS_SUPERSEDED = `(s.task_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM snapshots n
  WHERE n.task_id = s.task_id AND (n.created_at, n.id) > (s.created_at, s.id)))`;

/**
 * What counts for the quota of the user `$1`: files and their paths in all snapshots but those that a build only stored
 * on its way to its last one, and large inputs of tasks.
 */
export const STORED_BYTES = `
  (SELECT COALESCE(sum(s.total_bytes + s.path_bytes), 0)
   FROM snapshots s JOIN projects p ON p.id = s.project_id
   WHERE p.owner = $1 AND NOT ${IS_SUPERSEDED})
  + (SELECT COALESCE(sum(t.input_bytes), 0) FROM tasks t
     WHERE t.owner = $1 AND t.input_bytes >= ${LARGE_INPUT_BYTES})`;
