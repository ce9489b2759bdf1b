import type { Statement } from '../../infra/database/database.js';

/** Reads of a project's whole line. */
export const STATEMENTS = {
  // Oldest first.
  history: {
    name: 'history_line',
    text: `
      WITH RECURSIVE line AS (
        SELECT s.*, 0 AS age FROM snapshots s WHERE s.id = $1
        UNION ALL
        SELECT s.*, line.age + 1 FROM snapshots s JOIN line ON s.id = line.parent_id
        WHERE line.age < $2::int)
      SELECT line.id, line.author, line.created_at, line.task_id, line.restored_from,
             line.file_count, t.input ->> 'goal' AS goal
      FROM line LEFT JOIN tasks t ON t.id = line.task_id ORDER BY line.age DESC`,
  },
  // Ordered, so that a bundle is the same each time.
  blobs: {
    name: 'history_blobs',
    text: `
      SELECT encode(b.sha256, 'hex') AS sha256, b.size FROM blobs b
      WHERE b.sha256 IN (SELECT f.sha256 FROM snapshot_files f WHERE f.snapshot_id = ANY($1::uuid[]))
      ORDER BY b.sha256`,
  },
  files: {
    name: 'history_files',
    text: `SELECT path, encode(sha256, 'hex') AS sha256 FROM snapshot_files WHERE snapshot_id = $1`,
  },
  contents: {
    name: 'history_contents',
    text: `
      SELECT encode(b.sha256, 'hex') AS sha256, b.content
      FROM unnest($1::text[]) AS wanted JOIN blobs b ON b.sha256 = decode(wanted, 'hex')
      ORDER BY b.sha256`,
  },
} satisfies Record<string, Statement>;
