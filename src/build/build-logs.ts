import type { Queryable } from '../infra/database/database.js';
import type { CheckOutcome } from './verify/check.js';

export interface BuildLog {
  name: string;
  output: string;
}

/** Stores the raw output of one check as soon as it has ended; that of an earlier run of the same check goes. */
export async function writeLog(tx: Queryable, taskId: string, check: CheckOutcome): Promise<void> {
  await tx.query(
    {
      text: `INSERT INTO task_logs (task_id, name, output) VALUES ($1, $2, $3)
             ON CONFLICT (task_id, name) DO UPDATE SET output = excluded.output, written_at = now()`,
    },
    [taskId, check.name, check.output],
  );
}

/** In the order in which the checks ended. */
export function readLogs(db: Queryable, taskId: string): Promise<BuildLog[]> {
  return db.query<BuildLog>(
    { text: 'SELECT name, output FROM task_logs WHERE task_id = $1 ORDER BY written_at, name' },
    [taskId],
  );
}
