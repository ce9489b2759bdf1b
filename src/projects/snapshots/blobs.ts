import { createHash } from 'node:crypto';
import type { Queryable, Statement } from '../../infra/database/database.js';

/** A content and its name: its SHA-256. */
export interface Blob {
  hash: Buffer;
  content: Buffer;
}

/** Key of the advisory lock between those who use blobs and the one who removes them. */
const LOCK = 7_163_001;
/** What one INSERT carries at most: PostgreSQL gets it as text of twice the size. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_BLOBS = 1_000;

const STATEMENTS = {
  keep: {
    name: 'blobs_keep',
    text: `SELECT pg_advisory_xact_lock_shared(${LOCK})`,
  },
  known: {
    name: 'blobs_known',
    text: `SELECT sha256 FROM blobs WHERE sha256 = ANY($1::bytea[])`,
  },
  add: {
    name: 'blobs_add',
    text: `
      INSERT INTO blobs (sha256, size, content)
      SELECT * FROM unnest($1::bytea[], $2::int[], $3::bytea[]) ON CONFLICT DO NOTHING`,
  },
  lock: {
    name: 'blobs_lock',
    text: `SELECT pg_advisory_xact_lock(${LOCK})`,
  },
  removeUnused: {
    name: 'blobs_remove_unused',
    text: `
      DELETE FROM blobs b
      WHERE NOT EXISTS (SELECT 1 FROM snapshot_files f WHERE f.sha256 = b.sha256)`,
  },
  removeUnusedOf: {
    name: 'blobs_remove_unused_of',
    text: `
      DELETE FROM blobs b
      WHERE b.sha256 = ANY($1::bytea[])
        AND NOT EXISTS (SELECT 1 FROM snapshot_files f WHERE f.sha256 = b.sha256)
      RETURNING 1`,
  },
} satisfies Record<string, Statement>;

export function toBlob(content: Buffer): Blob {
  return { hash: createHash('sha256').update(content).digest(), content };
}

/** Nothing that is stored goes away until `tx` ends. Called before a blob is referred to. */
export async function keepBlobs(tx: Queryable): Promise<void> {
  await tx.query(STATEMENTS.keep);
}

/** Stores what isn't stored yet, and sends nothing else to the database. */
export async function addBlobs(tx: Queryable, blobs: Blob[]): Promise<void> {
  await keepBlobs(tx);
  const missing = new Map(blobs.map((blob) => [blob.hash.toString('hex'), blob]));
  const hashes = [...missing.values()].map((blob) => blob.hash);
  for (const { sha256 } of await tx.query<{ sha256: Buffer }>(STATEMENTS.known, [hashes])) {
    missing.delete(sha256.toString('hex'));
  }
  // All writers in the same order, or two with the same new contents could wait for each other.
  const ordered = [...missing.values()].sort((a, b) => Buffer.compare(a.hash, b.hash));
  for (const batch of batchesOf(ordered)) {
    await tx.query(STATEMENTS.add, [
      batch.map((blob) => blob.hash),
      batch.map((blob) => blob.content.length),
      batch.map((blob) => blob.content),
    ]);
  }
}

/**
 * Removes what no snapshot has. Waits for every writer, so `tx` must hold no lock that one of them may wait for.
 *
 * @param candidates Absent: it looks at all blobs, and what a crash before it left behind goes, too.
 * @returns how many, of candidates; 0 without.
 */
export async function removeUnusedBlobs(tx: Queryable, candidates?: Buffer[]): Promise<number> {
  await tx.query(STATEMENTS.lock);
  // A statement of its own: only one that starts under the lock sees what the last writer committed.
  return candidates
    ? (await tx.query(STATEMENTS.removeUnusedOf, [candidates])).length
    : (await tx.query(STATEMENTS.removeUnused)).length;
}

function batchesOf(blobs: Blob[]): Blob[][] {
  const batches: Blob[][] = [];
  let bytes = 0;
  for (const blob of blobs) {
    const batch = batches.at(-1);
    bytes += blob.content.length;
    if (batch && bytes <= BATCH_BYTES && batch.length < BATCH_BLOBS) {
      batch.push(blob);
    } else {
      batches.push([blob]);
      bytes = blob.content.length;
    }
  }
  return batches;
}
