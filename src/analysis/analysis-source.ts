import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { mayRead, type Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { AppConfig } from '../config/app-config.js';
import { Database, type Queryable } from '../infra/database/database.js';
import { SnapshotStore } from '../projects/snapshots/snapshot-store.js';
import { UploadCollector } from '../projects/upload/collector.js';
import { Task } from '../tasks/task.entity.js';
import type { AnalysisInput } from './analysis.entity.js';

/** The kind of the tasks that make source; analyses know no more of them. */
const BUILD = 'build';

const NO_SOURCE = 'No source for this project: upload some, build it, or send files';

/** What is there to analyse, and whether the caller may have it analysed. */
@Injectable()
export class AnalysisSource {
  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly snapshots: SnapshotStore,
    @InjectRepository(Task) private readonly tasks: Repository<Task>,
  ) {}

  /**
   * The files of a request, checked like an upload.
   * @throws ApiError bad_request, payload_too_large
   */
  checked(files: Record<string, string>): Record<string, string> {
    if (Object.keys(files).length === 0) {
      throw new ApiError(
        'bad_request',
        '`files` names no file: without it the stored source is read',
      );
    }
    const contents = Object.entries(files).map(([path, text]) => ({
      path,
      text,
      content: Buffer.from(text),
    }));
    const bytes = contents.reduce((sum, { content }) => sum + content.length, 0);
    const collector = new UploadCollector(this.config.uploads.maxBytes, bytes);
    for (const { path, content } of contents) {
      const entered = collector.enter(path, false, content.length);
      if (entered !== null) {
        collector.add(entered, content);
      }
    }
    return Object.fromEntries(
      [...collector.finish(null)].map(([path, content]) => [path, content.toString('utf8')]),
    );
  }

  /**
   * The build whose source is to be analysed.
   * @throws ApiError not_found, forbidden, validation_error where it is another project's
   */
  async build(user: Principal, id: string, projectName: string): Promise<Task> {
    const build = await this.tasks.findOneBy({ id, kind: BUILD });
    if (!build) {
      throw new ApiError('not_found', 'Build not found');
    }
    if (!user.permissions.has('build:read') || !mayRead(user, build.owner)) {
      throw new ApiError('forbidden', 'Not authorized to view this build');
    }
    if (build.projectName !== projectName) {
      throw new ApiError('validation_error', 'The request does not fit its schema', {
        errors: [{ field: 'project_name', message: "is not the build's project" }],
      });
    }
    return build;
  }

  /** The newest snapshot of a build, or what it verified. @throws ApiError not_found */
  async snapshotOf(build: Task): Promise<string> {
    // A verification makes nothing of its own.
    if ('snapshotId' in build.input && typeof build.input.snapshotId === 'string') {
      return build.input.snapshotId;
    }
    const snapshot = await this.snapshots.latestOfTask(build.id);
    if (!snapshot) {
      throw new ApiError('not_found', 'This build has made no files');
    }
    return snapshot.id;
  }

  /**
   * Fixes the source while the analysis is accepted; until `tx` ends nobody can delete or change its project.
   *
   * @param snapshotId One of the project; `null`: its head.
   * @throws ApiError not_found
   */
  async choose(
    tx: Queryable,
    project: { owner: string; name: string },
    snapshotId: string | null,
  ): Promise<string> {
    // Where there is no such project, what this makes goes with the refused transaction.
    const { headSnapshotId } = await this.snapshots.ensureProject(tx, project.owner, project.name);
    const chosen = snapshotId ?? headSnapshotId;
    const found =
      chosen === null
        ? []
        : await tx.query({ text: 'SELECT 1 FROM snapshots WHERE id = $1' }, [chosen]);
    if (chosen === null || found.length === 0) {
      throw new ApiError('not_found', NO_SOURCE);
    }
    return chosen;
  }

  /** Path -> content. Empty: the source was deleted meanwhile. */
  async read({ files, snapshot_id: id }: AnalysisInput): Promise<ReadonlyMap<string, Buffer>> {
    if (files !== null) {
      return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
    }
    return id === null ? new Map() : this.snapshots.read(id);
  }

  /** Some files of the source, as far as they are there. */
  async readSome(
    { files, snapshot_id: id }: AnalysisInput,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Buffer>> {
    if (files !== null) {
      return new Map(paths.map((path) => [path, Buffer.from(files[path] ?? '')]));
    }
    return id === null ? new Map() : this.snapshots.readSome(id, paths);
  }

  /** The line coverage that the completed build measured that made exactly this snapshot; `null`: none did. */
  async measuredCoverage(snapshotId: string | null): Promise<number | null> {
    const snapshot = snapshotId === null ? null : await this.snapshots.find(snapshotId);
    if (!snapshot?.taskId) {
      return null;
    }
    const [row] = await this.db.query<{ coverage: unknown }>(
      {
        name: 'analysis_coverage_of_build',
        text: `SELECT results->'test_coverage' AS coverage FROM tasks
               WHERE id = $1 AND kind = '${BUILD}' AND status = 'completed'
                 AND results->>'snapshot' = $2`,
      },
      [snapshot.taskId, snapshot.id],
    );
    return typeof row?.coverage === 'number' ? row.coverage : null;
  }
}
