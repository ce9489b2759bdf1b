import type { Queryable } from '../infra/database/database.js';
import type { CheckOutcome } from './verify/check.js';

export interface BuildLog {
  name: string;
  output: string;
}

/** Replaces the raw output of a build's checks. */
export async function writeLogs(
  tx: Queryable,
  taskId: string,
  checks: CheckOutcome[],
): Promise<void> {
  await tx.query({ text: 'DELETE FROM task_logs WHERE task_id = $1' }, [taskId]);
  await tx.query(
    {
      text: `INSERT INTO task_logs (task_id, position, name, output)
             SELECT $1, position, name, output
             FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS log (name, output, position)`,
    },
    [taskId, checks.map((check) => check.name), checks.map((check) => check.output)],
  );
}

/** In the order of the checks. */
export function readLogs(db: Queryable, taskId: string): Promise<BuildLog[]> {
  return db.query<BuildLog>(
    { text: 'SELECT name, output FROM task_logs WHERE task_id = $1 ORDER BY position' },
    [taskId],
  );
}
