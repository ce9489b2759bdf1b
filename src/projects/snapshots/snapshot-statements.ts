import type { Statement } from '../../infra/database/database.js';
import { IS_SUPERSEDED, STORED_BYTES } from '../../tasks/stored-bytes.js';

function named(name: string, text: string): Statement {
  return { name: `snapshot_${name}`, text };
}

/** Every write of snapshots and projects, and the reads of their content. */
export const STATEMENTS = {
  // NO KEY UPDATE: changes of one project queue up behind each other, references to it don't.
  lockProject: named(
    'lock_project',
    `SELECT id, head_snapshot_id FROM projects WHERE owner = $1 AND name = $2 FOR NO KEY UPDATE`,
  ),

  // The update changes nothing: it makes the loser of a race wait for the winner and see its row.
  addProject: named(
    'add_project',
    `INSERT INTO projects (id, owner, name) VALUES ($1, $2, $3)
     ON CONFLICT (owner, name) DO UPDATE SET name = EXCLUDED.name
     RETURNING id, head_snapshot_id`,
  ),

  // Writes of one owner queue up here, or two at once would both find the last free bytes.
  lockOwner: named(
    'lock_owner',
    `SELECT u.username FROM users u JOIN projects p ON p.owner = u.username
     WHERE p.id = $1 FOR NO KEY UPDATE OF u`,
  ),

  storedBytes: named('stored_bytes', `SELECT (${STORED_BYTES})::float8 AS bytes`),

  // Of builds that have ended a day ago: their retries may still look for it. What others rest on stays.
  removeSuperseded: named(
    'remove_superseded',
    `DELETE FROM snapshots s
     WHERE ${IS_SUPERSEDED}
       AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = s.task_id
                       AND (t.finished_at IS NULL OR t.finished_at > now() - interval '1 day'))
       AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.base_snapshot_id = s.id)
       AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.head_snapshot_id = s.id)
       AND NOT EXISTS (SELECT 1 FROM snapshots o WHERE o.parent_id = s.id)
       AND NOT EXISTS (SELECT 1 FROM snapshots o WHERE o.generated_id = s.id AND o.id <> s.id)
       AND NOT EXISTS (SELECT 1 FROM snapshots o WHERE o.restored_from = s.id)
     RETURNING id`,
  ),

  add: named(
    'add',
    `INSERT INTO snapshots (id, project_id, parent_id, task_id, author, file_count, total_bytes, generated_id,
                            path_bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
  ),

  addFiles: named(
    'add_files',
    `INSERT INTO snapshot_files (snapshot_id, path, sha256)
     SELECT $1, * FROM unnest($2::text[], $3::bytea[])`,
  ),

  addCopy: named(
    'add_copy',
    `WITH copy AS (
       INSERT INTO snapshots (id, project_id, parent_id, author, task_id, restored_from,
                              file_count, total_bytes, path_bytes, generated_id)
       SELECT $1, project_id, $3, $4, $5, $6, file_count, total_bytes, path_bytes, generated_id
       FROM snapshots WHERE id = $2
       RETURNING id)
     INSERT INTO snapshot_files (snapshot_id, path, sha256)
     SELECT copy.id, f.path, f.sha256 FROM copy, snapshot_files f WHERE f.snapshot_id = $2`,
  ),

  moveHead: named('move_head', `UPDATE projects SET head_snapshot_id = $2 WHERE id = $1`),

  // Oldest of its parents last. A line is as long as its project's history: some thousand at most.
  line: named(
    'line',
    `WITH RECURSIVE line AS (
       SELECT id, parent_id, 0 AS age FROM snapshots WHERE id = $1
       UNION ALL
       SELECT s.id, s.parent_id, line.age + 1 FROM snapshots s JOIN line ON s.id = line.parent_id)
     SELECT id FROM line ORDER BY age`,
  ),

  files: named(
    'files',
    `SELECT f.path, b.size, encode(f.sha256, 'hex') AS sha256
     FROM snapshot_files f JOIN blobs b USING (sha256)
     WHERE f.snapshot_id = $1 ORDER BY f.path COLLATE "C"`,
  ),

  contents: named(
    'contents',
    `SELECT f.path, b.content FROM snapshot_files f JOIN blobs b USING (sha256)
     WHERE f.snapshot_id = $1 ORDER BY f.path COLLATE "C"`,
  ),

  someContents: named(
    'some_contents',
    `SELECT f.path, b.content FROM snapshot_files f JOIN blobs b USING (sha256)
     WHERE f.snapshot_id = $1 AND f.path = ANY($2)`,
  ),

  content: named(
    'content',
    `SELECT b.content FROM snapshot_files f JOIN blobs b USING (sha256)
     WHERE f.snapshot_id = $1 AND f.path = $2`,
  ),
} satisfies Record<string, Statement>;
