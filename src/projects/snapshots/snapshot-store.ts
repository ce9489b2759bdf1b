import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { ApiError } from '../../common/api-error.js';
import { inUnits } from '../../common/in-units.js';
import { AppConfig } from '../../config/app-config.js';
import { Database, type Queryable } from '../../infra/database/database.js';
import { rowBytes } from '../../tasks/stored-bytes.js';
import { addBlobs, keepBlobs, toBlob } from './blobs.js';
import { inheritGeneration, isUnedited, type Generation } from './generations.js';
import { STATEMENTS } from './snapshot-statements.js';
import { Snapshot } from './snapshot.entity.js';
import { refuseUnstorable, type SourceTree } from './source-tree.js';
import { codeOf } from '../../common/error-code.js';

export interface NewSnapshot {
  projectId: string;
  /** What the files were made from; `null`: nothing. */
  parentId: string | null;
  /** The build that made them; `null`: uploaded. */
  taskId: string | null;
  /** Username. */
  author: string;
  files: SourceTree;
  generation: Generation;
}

/** Whose another snapshot with the same files is. */
export interface SnapshotCopy extends Pick<NewSnapshot, 'parentId' | 'author' | 'taskId'> {
  /** Whether a user wanted these files back. */
  isRestored: boolean;
}

export interface SnapshotFile {
  path: string;
  /** In bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** A project's row, locked until the transaction ends. */
export interface ProjectHead {
  id: string;
  /** `null`: no source yet. */
  headSnapshotId: string | null;
}

/**
 * Source, content-addressed: each content is stored once, whatever number of snapshots and projects have it.
 *
 * Writes take the caller's transaction, so that a snapshot stands or falls with what it belongs to.
 */
@Injectable()
export class SnapshotStore {
  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    @InjectRepository(Snapshot) private readonly snapshots: Repository<Snapshot>,
  ) {}

  /**
   * The project of that name, made where there is none, and locked: others who change it wait for `tx`.
   *
   * Whoever accepts a task on a project calls this in the same transaction, or the project could be deleted meanwhile.
   * @throws ApiError not_found where there is no such owner
   */
  async ensureProject(tx: Queryable, owner: string, name: string): Promise<ProjectHead> {
    const [found] = await tx.query<ProjectRow>(STATEMENTS.lockProject, [owner, name]);
    const [row] = found
      ? [found]
      : await tx
          .query<ProjectRow>(STATEMENTS.addProject, [randomUUID(), owner, name])
          .catch(translateUnknownOwner);
    if (!row) {
      throw new Error('The statement gave no row');
    }
    return { id: row.id, headSnapshotId: row.head_snapshot_id };
  }

  /**
   * Stores a snapshot and sends only content that the database doesn't have. Doesn't move the project's head.
   *
   * @returns its id
   * @throws ApiError bad_request, payload_too_large (also over the owner's quota)
   */
  async write(tx: Queryable, snapshot: NewSnapshot): Promise<string> {
    const { files } = snapshot;
    refuseUnstorable(files, this.config.uploads.maxBytes);
    const totalBytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
    const pathBytes = [...files.keys()].reduce((sum, path) => sum + Buffer.byteLength(path), 0);
    await this.refuseOverQuota(
      tx,
      snapshot.projectId,
      totalBytes + pathBytes + rowBytes(files.size),
    );

    const blobs = [...files.values()].map(toBlob);
    await addBlobs(tx, blobs);
    const id = randomUUID();
    await tx.query(STATEMENTS.add, [
      id,
      snapshot.projectId,
      snapshot.parentId,
      snapshot.taskId,
      snapshot.author,
      files.size,
      totalBytes,
      generatedIdOf(id, snapshot.generation),
      pathBytes,
    ]);
    await tx.query(STATEMENTS.addFiles, [id, [...files.keys()], blobs.map((blob) => blob.hash)]);
    if (snapshot.generation === 'inherited') {
      await inheritGeneration(tx, id);
    }
    return id;
  }

  /**
   * Stores another snapshot with the files of an earlier one of the same project.
   *
   * @returns its id
   * @throws ApiError payload_too_large over the owner's quota
   */
  async copy(
    tx: Queryable,
    source: Snapshot,
    { parentId, author, taskId, isRestored }: SnapshotCopy,
  ): Promise<string> {
    const bytes = source.totalBytes + rowBytes(source.fileCount);
    await this.refuseOverQuota(tx, source.projectId, bytes);
    await keepBlobs(tx);
    const id = randomUUID();
    const restoredFrom = isRestored ? source.id : null;
    await tx.query(STATEMENTS.addCopy, [id, source.id, parentId, author, taskId, restoredFrom]);
    return id;
  }

  /** Makes a snapshot the project's current source. */
  async moveHead(tx: Queryable, projectId: string, snapshotId: string): Promise<void> {
    await tx.query(STATEMENTS.moveHead, [projectId, snapshotId]);
  }

  /** Whether every file is the engine's own text. */
  isUnedited(snapshotId: string): Promise<boolean> {
    return isUnedited(this.db, snapshotId);
  }

  /** What a build made last, whatever its end; `null`: nothing. */
  latestOfTask(taskId: string): Promise<Snapshot | null> {
    return this.snapshots.findOne({ where: { taskId }, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  find(snapshotId: string): Promise<Snapshot | null> {
    return this.snapshots.findOneBy({ id: snapshotId });
  }

  /** A snapshot and what it was made from, newest first, and how many there are in all. */
  async line(
    snapshotId: string,
    page: { limit: number; offset: number },
  ): Promise<[Snapshot[], number]> {
    const rows = await this.db.query<{ id: string }>(STATEMENTS.line, [snapshotId]);
    const ids = rows.slice(page.offset, page.offset + page.limit).map((row) => row.id);
    const found = await this.snapshots.findBy({ id: In(ids) });
    const byId = new Map(found.map((snapshot) => [snapshot.id, snapshot]));
    return [ids.flatMap((id) => byId.get(id) ?? []), rows.length];
  }

  /** Ordered by path, as everything here. */
  list(snapshotId: string): Promise<SnapshotFile[]> {
    return this.db.query<SnapshotFile>(STATEMENTS.files, [snapshotId]);
  }

  /** All content at once: as much memory as one upload may have. */
  async read(snapshotId: string): Promise<Map<string, Buffer>> {
    const rows = await this.db.query<{ path: string; content: Buffer }>(STATEMENTS.contents, [
      snapshotId,
    ]);
    return new Map(rows.map((row) => [row.path, row.content]));
  }

  /** Some of its files; those it doesn't have are left out. */
  async readSome(snapshotId: string, paths: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await this.db.query<{ path: string; content: Buffer }>(STATEMENTS.someContents, [
      snapshotId,
      paths,
    ]);
    return new Map(rows.map((row) => [row.path, row.content]));
  }

  async readFile(snapshotId: string, path: string): Promise<Buffer | null> {
    const [row] = await this.db.query<{ content: Buffer }>(STATEMENTS.content, [snapshotId, path]);
    return row?.content ?? null;
  }

  private async refuseOverQuota(tx: Queryable, projectId: string, bytes: number): Promise<void> {
    const [owner] = await tx.query<{ username: string }>(STATEMENTS.lockOwner, [projectId]);
    const [stored] = await tx.query<{ bytes: number }>(STATEMENTS.storedBytes, [owner?.username]);
    const quota = this.config.quotas.storedBytes;
    if ((stored?.bytes ?? 0) + bytes > quota) {
      throw new ApiError(
        'payload_too_large',
        `The project's owner may store ${inUnits(quota)} in all snapshots together, and this one would exceed that: delete a project, or ask for a higher quota`,
      );
    }
  }
}

/** Of what is found out later: nothing for now. */
function generatedIdOf(id: string, generation: Generation): string | null {
  if (generation === null || generation === 'inherited') {
    return null;
  }
  return generation === 'itself' ? id : generation.id;
}

interface ProjectRow {
  id: string;
  head_snapshot_id: string | null;
}

function translateUnknownOwner(error: unknown): never {
  if (codeOf(error) === '23503') {
    throw new ApiError('not_found', 'User not found', { cause: error });
  }
  throw error;
}
