import { Injectable } from '@nestjs/common';
import { ApiError } from '../common/api-error.js';
import { Database, type Statement } from '../infra/database/database.js';
import { removeUnusedBlobs } from './snapshots/blobs.js';

const STATEMENTS = {
  lock: {
    name: 'project_lock_for_removal',
    text: `SELECT id FROM projects WHERE owner = $1 AND name = $2 FOR UPDATE`,
  },
  unfinished: {
    name: 'project_unfinished_tasks',
    text: `
      SELECT 1 FROM tasks WHERE owner = $1 AND project_name = $2
        AND status IN ('initializing', 'running') LIMIT 1`,
  },
  removeTasks: {
    name: 'project_remove_tasks',
    text: `DELETE FROM tasks WHERE owner = $1 AND project_name = $2`,
  },
  // What people decided about its analyses hangs on its name: files of requests are analysed without a project.
  removeDecisions: {
    name: 'project_remove_decisions',
    text: `DELETE FROM finding_marks WHERE owner = $1 AND project_name = $2`,
  },
  removeGate: {
    name: 'project_remove_gate',
    text: `DELETE FROM quality_gates WHERE owner = $1 AND project_name = $2`,
  },
  remove: {
    name: 'project_remove',
    text: `DELETE FROM projects WHERE id = $1`,
  },
} satisfies Record<string, Statement>;

/** Deletes projects with all that belongs to them. */
@Injectable()
export class ProjectRemover {
  constructor(private readonly db: Database) {}

  /**
   * Deletes a project with its snapshots, builds and analyses, and the content that nothing else has.
   *
   * @throws ApiError not_found, conflict while one of its tasks is unfinished
   */
  async remove(owner: string, name: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [project] = await tx.query<{ id: string }>(STATEMENTS.lock, [owner, name]);
      if (!project) {
        throw new ApiError('not_found', 'Project not found');
      }
      // Tasks are accepted under the project's lock (`ensureProject`): from here on none is added.
      const unfinished = await tx.query(STATEMENTS.unfinished, [owner, name]);
      if (unfinished.length > 0) {
        throw new ApiError(
          'conflict',
          'A build or analysis of this project is unfinished: wait for its end, or cancel it',
        );
      }
      await tx.query(STATEMENTS.removeTasks, [owner, name]);
      await tx.query(STATEMENTS.removeDecisions, [owner, name]);
      await tx.query(STATEMENTS.removeGate, [owner, name]);
      await tx.query(STATEMENTS.remove, [project.id]);
    });
    // A transaction of its own: writers hold their project while they wait for the blobs. What a crash in between
    // leaves behind, the next removal takes along.
    await this.db.transaction((tx) => removeUnusedBlobs(tx));
  }
}
