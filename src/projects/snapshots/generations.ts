import type { Queryable, Statement } from '../../infra/database/database.js';

/**
 * Which of the engine's own text a snapshot rests on.
 *
 * `itself`: the engine wrote all of it; an id: that snapshot's text, edited since or merged with a user's; `inherited`:
 * whatever the files show, for uploads; `null`: the engine had no part in it.
 */
export type Generation = 'itself' | 'inherited' | { id: string } | null;

const STATEMENTS = {
  // An archive that comes back untouched is what it was. Else a line's edits rest on what was generated last, unless
  // hardly a path of that is left: then it is another project under the same name.
  inherit: {
    name: 'generation_inherit',
    text: `
      WITH RECURSIVE line AS (
        SELECT p.id, p.parent_id, p.generated_id, 0 AS age
        FROM snapshots s JOIN snapshots p ON p.id = s.parent_id WHERE s.id = $1
        UNION ALL
        SELECT p.id, p.parent_id, p.generated_id, line.age + 1
        FROM line JOIN snapshots p ON p.id = line.parent_id WHERE line.generated_id IS NULL),
      same AS (
        SELECT o.generated_id FROM snapshots s JOIN snapshots o ON o.project_id = s.project_id
        WHERE s.id = $1 AND o.id <> s.id AND o.generated_id IS NOT NULL
          AND o.file_count = s.file_count AND o.total_bytes = s.total_bytes
          AND NOT EXISTS (
            SELECT path, sha256 FROM snapshot_files WHERE snapshot_id = s.id
            EXCEPT SELECT path, sha256 FROM snapshot_files WHERE snapshot_id = o.id)
        ORDER BY o.created_at DESC LIMIT 1),
      edited AS (
        SELECT g.id FROM line JOIN snapshots g ON g.id = line.generated_id
        WHERE 4 * (SELECT count(*) FROM snapshot_files a JOIN snapshot_files b USING (path)
                   WHERE a.snapshot_id = $1 AND b.snapshot_id = g.id) >= g.file_count)
      UPDATE snapshots SET generated_id =
        COALESCE((SELECT generated_id FROM same), (SELECT id FROM edited))
      WHERE id = $1`,
  },
  isUnedited: {
    name: 'generation_is_unedited',
    text: `
      SELECT 1 FROM snapshots s JOIN snapshots g ON g.id = s.generated_id
      WHERE s.id = $1 AND g.file_count = s.file_count AND g.total_bytes = s.total_bytes
        AND NOT EXISTS (
          SELECT path, sha256 FROM snapshot_files WHERE snapshot_id = s.id
          EXCEPT SELECT path, sha256 FROM snapshot_files WHERE snapshot_id = g.id)`,
  },
} satisfies Record<string, Statement>;

/** Finds out what an uploaded snapshot rests on, once its files are stored. */
export async function inheritGeneration(tx: Queryable, snapshotId: string): Promise<void> {
  await tx.query(STATEMENTS.inherit, [snapshotId]);
}

/** Whether every file of a snapshot is the engine's own text: nothing of a user's or a model's is in it. */
export async function isUnedited(db: Queryable, snapshotId: string): Promise<boolean> {
  return (await db.query(STATEMENTS.isUnedited, [snapshotId])).length > 0;
}
