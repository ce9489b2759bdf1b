import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApiError } from '../../common/api-error.js';
import { Database } from '../../infra/database/database.js';
import { attachment } from '../artifacts/attachment.js';
import { inUnits } from '../../common/in-units.js';
import { commitObject, gitObject, treeObjects, type GitObject } from './git-objects.js';
import { STATEMENTS } from './history-statements.js';
import { writeBundle } from './pack.js';

const MAX_COMMITS = 2_000;
/** Files of all commits together, each counted in every commit that has it. */
const MAX_ENTRIES = 1_000_000;
const MAX_BLOBS = 100_000;
const MAX_BYTES = 1024 * 1024 * 1024;
/** Of contents in memory at once. */
const BATCH_BYTES = 4 * 1024 * 1024;
const MAX_SUBJECT = 120;

interface Step {
  id: string;
  author: string;
  created_at: Date;
  task_id: string | null;
  restored_from: string | null;
  file_count: number;
  /** Of the build that made it; `null`: none did, or nothing is known of it any more. */
  goal: string | null;
}

interface BlobRow {
  /** Hexadecimal. */
  sha256: string;
  size: number;
}

/** What is known before the first byte goes out: Git wants the newest commit's id and the number of objects first. */
interface Plan {
  tip: string;
  commits: GitObject[];
  /** Oldest first: snapshots, whose trees are made again while they are written. */
  steps: Step[];
  blobs: BlobRow[];
  /** SHA-256 -> Git's id. */
  blobIds: Map<string, string>;
  /** Ids. */
  trees: Set<string>;
}

/** A project's line as a Git repository: a snapshot a commit. Ids follow from the snapshots alone. */
@Injectable()
export class RepositoryBundle {
  private readonly slots = pLimit(1);

  constructor(private readonly db: Database) {}

  /**
   * @param name The project's: of the file.
   * @throws ApiError payload_too_large
   */
  async of(headSnapshotId: string, name: string): Promise<StreamableFile> {
    const plan = await this.slots(() => this.plan(headSnapshotId));
    const count = plan.commits.length + plan.trees.size + plan.blobs.length;
    const bytes = writeBundle(plan.tip, count, this.objects(plan));
    return new StreamableFile(Readable.from(bytes, { objectMode: false }), {
      type: 'application/octet-stream',
      disposition: attachment(`${name}.bundle`),
    });
  }

  private async plan(headSnapshotId: string): Promise<Plan> {
    const steps = await this.db.query<Step>(STATEMENTS.history, [headSnapshotId, MAX_COMMITS + 1]);
    const entries = steps.reduce((sum, step) => sum + step.file_count, 0);
    refuseMore('snapshots', steps.length, MAX_COMMITS);
    refuseMore('files in all snapshots', entries, MAX_ENTRIES);
    const blobs = await this.db.query<BlobRow>(STATEMENTS.blobs, [steps.map(({ id }) => id)]);
    refuseMore('different files', blobs.length, MAX_BLOBS);
    if (blobs.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) {
      throw tooLarge(inUnits(MAX_BYTES));
    }
    const blobIds = new Map<string, string>();
    for await (const { sha256, object } of this.contents(blobs)) {
      blobIds.set(sha256, object.id);
    }
    const trees = new Set<string>();
    const commits: GitObject[] = [];
    for (const step of steps) {
      const made = await this.treesOf(step, blobIds);
      made.forEach(({ id }) => trees.add(id));
      commits.push(commitOf(step, made.at(-1)?.id ?? '', commits.at(-1)?.id ?? null));
    }
    return { tip: commits.at(-1)?.id ?? '', commits, steps, blobs, blobIds, trees };
  }

  private async *objects({
    commits,
    steps,
    blobs,
    blobIds,
    trees,
  }: Plan): AsyncGenerator<GitObject> {
    yield* commits;
    const left = new Set(trees);
    for (const step of steps) {
      for (const tree of await this.treesOf(step, blobIds)) {
        if (left.delete(tree.id)) {
          yield tree;
        }
      }
    }
    for await (const { object } of this.contents(blobs)) {
      yield object;
    }
  }

  private async treesOf(step: Step, blobIds: Map<string, string>): Promise<GitObject[]> {
    const files = await this.db.query<{ path: string; sha256: string }>(STATEMENTS.files, [
      step.id,
    ]);
    return treeObjects(files.map(({ path, sha256 }) => [path, blobIds.get(sha256) ?? '']));
  }

  private async *contents(blobs: BlobRow[]): AsyncGenerator<{ sha256: string; object: GitObject }> {
    for (const batch of batchesOf(blobs)) {
      const rows = await this.db.query<{ sha256: string; content: Buffer }>(STATEMENTS.contents, [
        batch.map(({ sha256 }) => sha256),
      ]);
      if (rows.length !== batch.length) {
        throw new Error('The project was deleted while its bundle was written');
      }
      for (const { sha256, content } of rows) {
        yield { sha256, object: gitObject('blob', content) };
      }
    }
  }
}

function commitOf(step: Step, tree: string, parent: string | null): GitObject {
  const { author, created_at: time, task_id: build } = step;
  const trailers = [`Snapshot: ${step.id}`, ...(build === null ? [] : [`Build: ${build}`])];
  const message = [subjectOf(step), '', ...trailers].join('\n');
  return commitObject({ tree, parent, author, time, message });
}

function subjectOf({ task_id: build, restored_from: restored, goal }: Step): string {
  if (build !== null) {
    const line = goal?.split(/[\r\n]+/).find((each) => each.trim() !== '');
    return line ? Array.from(line.trim()).slice(0, MAX_SUBJECT).join('') : 'Build';
  }
  return restored === null ? 'Upload' : 'Restore';
}

function* batchesOf(blobs: BlobRow[]): Generator<BlobRow[]> {
  let batch: BlobRow[] = [];
  let bytes = 0;
  for (const blob of blobs) {
    if (batch.length > 0 && (bytes + blob.size > BATCH_BYTES || batch.length >= 1_000)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(blob);
    bytes += blob.size;
  }
  if (batch.length > 0) {
    yield batch;
  }
}

function refuseMore(what: string, count: number, max: number): void {
  if (count > max) {
    throw tooLarge(`${max} ${what}`);
  }
}

function tooLarge(limit: string): ApiError {
  return new ApiError(
    'payload_too_large',
    `The project's line has more than ${limit}: too much for one bundle. Download its snapshots one by one`,
  );
}
