import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { mayChange, mayRead, type Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { AppConfig } from '../config/app-config.js';
import { Database } from '../infra/database/database.js';
import { Project } from './project.entity.js';
import { ProjectRemover } from './project-remover.js';
import { SnapshotStore } from './snapshots/snapshot-store.js';
import type { Snapshot } from './snapshots/snapshot.entity.js';
import { unpack } from './upload/unpack.js';

/** How a caller names a project. */
export interface ProjectRef {
  name: string;
  /** `undefined`: the caller's own. */
  owner: string | undefined;
}

export interface Upload {
  body: Buffer;
  contentType: string | undefined;
}

/** Everybody's, in place of a username. */
const EVERYBODY = '*';

/** What callers do with projects; whether they may is decided here. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly store: SnapshotStore,
    private readonly remover: ProjectRemover,
    @InjectRepository(Project) private readonly projects: Repository<Project>,
  ) {}

  /** Newest first. @throws ApiError forbidden */
  async list(
    user: Principal,
    filter: { owner: string | undefined; limit: number; offset: number },
  ): Promise<[Project[], number]> {
    const owner = filter.owner ?? user.username;
    if (!mayRead(user, owner)) {
      throw notYours();
    }
    return this.projects.findAndCount({
      where: owner === EVERYBODY ? {} : { owner },
      relations: { head: true },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: filter.limit,
      skip: filter.offset,
    });
  }

  /** With its head. @throws ApiError forbidden, not_found */
  async get(user: Principal, ref: ProjectRef): Promise<Project> {
    const owner = ref.owner ?? user.username;
    if (!mayRead(user, owner)) {
      throw notYours();
    }
    return this.load(owner, ref.name);
  }

  /** The line of a project's head, newest first, and its length. */
  async snapshots(
    project: Project,
    page: { limit: number; offset: number },
  ): Promise<[Snapshot[], number]> {
    return project.headSnapshotId === null
      ? [[], 0]
      : this.store.line(project.headSnapshotId, page);
  }

  /**
   * A snapshot of a project's, also one off its line.
   *
   * @param snapshotId `undefined`: the head
   * @throws ApiError forbidden, not_found
   */
  async snapshot(
    user: Principal,
    ref: ProjectRef,
    snapshotId: string | undefined,
  ): Promise<Snapshot> {
    return this.snapshotOf(await this.get(user, ref), snapshotId);
  }

  /**
   * Makes an upload the project's source, and the project where there is none. A refused upload leaves nothing behind.
   *
   * @throws ApiError forbidden, not_found (the owner), and whatever `unpack` refuses
   */
  async replaceSource(user: Principal, ref: ProjectRef, upload: Upload): Promise<Snapshot> {
    const owner = ownerToChange(user, ref);
    const files = await unpack(upload.body, upload.contentType, {
      maxBytes: this.config.uploads.maxBytes,
      projectName: ref.name,
    });
    const id = await this.db.transaction(async (tx) => {
      const project = await this.store.ensureProject(tx, owner, ref.name);
      const snapshotId = await this.store.write(tx, {
        projectId: project.id,
        parentId: project.headSnapshotId,
        taskId: null,
        author: user.username,
        files,
        generation: 'inherited',
      });
      await this.store.moveHead(tx, project.id, snapshotId);
      return snapshotId;
    });
    return this.written(id);
  }

  /**
   * Makes the files of an earlier snapshot the current source again: as the newest of the line, which loses nothing.
   *
   * @throws ApiError forbidden, not_found
   */
  async restore(user: Principal, ref: ProjectRef, snapshotId: string): Promise<Snapshot> {
    const owner = ownerToChange(user, ref);
    const source = await this.snapshotOf(await this.load(owner, ref.name), snapshotId);
    const id = await this.db.transaction(async (tx) => {
      const project = await this.store.ensureProject(tx, owner, ref.name);
      if (project.id !== source.projectId) {
        throw new ApiError('not_found', 'Snapshot not found');
      }
      const copyId = await this.store.copy(tx, source, {
        parentId: project.headSnapshotId,
        taskId: null,
        author: user.username,
        isRestored: true,
      });
      await this.store.moveHead(tx, project.id, copyId);
      return copyId;
    });
    return this.written(id);
  }

  /** With its builds and analyses. @throws ApiError forbidden, not_found, conflict */
  async remove(user: Principal, ref: ProjectRef): Promise<void> {
    await this.remover.remove(ownerToChange(user, ref), ref.name);
  }

  private async load(owner: string, name: string): Promise<Project> {
    const project = await this.projects.findOne({
      where: { owner, name },
      relations: { head: true },
    });
    if (!project) {
      throw new ApiError('not_found', 'Project not found');
    }
    return project;
  }

  private async snapshotOf(project: Project, id: string | undefined): Promise<Snapshot> {
    const snapshot = id === undefined ? project.head : await this.store.find(id);
    if (!snapshot) {
      throw new ApiError(
        'not_found',
        id === undefined ? 'The project has no source yet' : 'Snapshot not found',
      );
    }
    if (snapshot.projectId !== project.id) {
      throw new ApiError('not_found', 'Snapshot not found');
    }
    return snapshot;
  }

  private async written(id: string): Promise<Snapshot> {
    const snapshot = await this.store.find(id);
    if (!snapshot) {
      throw new ApiError('conflict', 'The project was deleted meanwhile');
    }
    return snapshot;
  }
}

function ownerToChange(user: Principal, ref: ProjectRef): string {
  const owner = ref.owner ?? user.username;
  if (!mayChange(user, owner)) {
    throw notYours();
  }
  return owner;
}

function notYours(): ApiError {
  return new ApiError('forbidden', "Not authorized for another user's projects");
}
