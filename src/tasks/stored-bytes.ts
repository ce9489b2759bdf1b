/** Smaller inputs of tasks don't count as stored bytes: they are about what the row takes anyway. */
export const LARGE_INPUT_BYTES = 4_096;

/** What counts for the quota of the user `$1`: files and their paths in all snapshots, and large inputs of tasks. */
export const STORED_BYTES = `
  (SELECT COALESCE(sum(s.total_bytes + s.path_bytes), 0)
   FROM snapshots s JOIN projects p ON p.id = s.project_id WHERE p.owner = $1)
  + (SELECT COALESCE(sum(t.input_bytes), 0) FROM tasks t
     WHERE t.owner = $1 AND t.input_bytes >= ${LARGE_INPUT_BYTES})`;
