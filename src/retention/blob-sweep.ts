import type { Database } from '../infra/database/database.js';
import { removeUnusedBlobs } from '../projects/snapshots/blobs.js';

/**
 * Removes the content that no snapshot has, a batch at a time.
 *
 * What looks unused is found without any lock; only the removal, which looks again, keeps writers out for a moment.
 */
export async function sweepBlobs(
  db: Database,
  batch: number,
): Promise<{ taken: number; removed: number }> {
  const unused = await db.query<{ sha256: Buffer }>(
    {
      name: 'retention_unused_blobs',
      text: `SELECT b.sha256 FROM blobs b
             WHERE NOT EXISTS (SELECT 1 FROM snapshot_files f WHERE f.sha256 = b.sha256) LIMIT $1`,
    },
    [batch],
  );
  if (unused.length === 0) {
    return { taken: 0, removed: 0 };
  }
  const hashes = unused.map((row) => row.sha256);
  const removed = await db.transaction((tx) => removeUnusedBlobs(tx, hashes));
  return { taken: unused.length, removed };
}
