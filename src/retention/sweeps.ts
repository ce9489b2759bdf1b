import { CHECKPOINT_SCHEMA } from '../build/agent/checkpoint-schema.js';
import type { AppConfig } from '../config/app-config.js';
import type { Statement } from '../infra/database/database.js';

/** Removes one kind of thing that nobody needs any more, some at a time. */
export interface Sweep {
  /** What it removes, for the log and the metric. */
  name: string;
  /**
   * Takes `$1`, the size of a batch, and where `days` is set `$2`; answers one row `{ taken, removed }`. Less taken
   * than asked for: nothing is left.
   */
  statement: Statement;
  /** An age in days. */
  days?: number;
}

export type RetentionDays = AppConfig['retention'];

const OLDER = (column: string) => `${column} < now() - $2 * interval '1 day'`;

/** Rows found by `find` (which locks them, and passes over those that others hold) go. */
function removal(name: string, table: string, key: string, find: string): Statement {
  return {
    name: `retention_${name}`,
    text: `
      WITH gone AS (
        DELETE FROM ${table} WHERE (${key}) IN (${find} LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING 1)
      SELECT count(*)::int AS taken, count(*)::int AS removed FROM gone`,
  };
}

/** What goes because its time is over, whatever the settings. */
const SWEEPS: Sweep[] = [
  {
    name: 'sessions',
    // With their refresh tokens. A revoked one is kept for a day: who looks at an incident may ask for it.
    statement: removal(
      'sessions',
      'sessions',
      'id',
      `SELECT id FROM sessions WHERE expires_at < now() OR revoked_at < now() - interval '1 day'`,
    ),
  },
  {
    name: 'refresh_tokens',
    statement: removal(
      'refresh_tokens',
      'refresh_tokens',
      'token_hash',
      `SELECT token_hash FROM refresh_tokens WHERE expires_at < now()`,
    ),
  },
  {
    name: 'api_keys',
    // Its user may still look why it stopped to hold.
    statement: removal(
      'api_keys',
      'api_keys',
      'id',
      `SELECT id FROM api_keys WHERE expires_at < now() - interval '7 days'`,
    ),
  },
  {
    name: 'idempotency_keys',
    statement: {
      name: 'retention_idempotency_keys',
      text: `
        WITH freed AS (
          UPDATE tasks SET idempotency_key = NULL, idempotency_hash = NULL WHERE id IN (
            SELECT id FROM tasks
            WHERE idempotency_key IS NOT NULL AND created_at < now() - interval '24 h'
            LIMIT $1 FOR UPDATE SKIP LOCKED)
          RETURNING 1)
        SELECT count(*)::int AS taken, count(*)::int AS removed FROM freed`,
    },
  },
];

const EVENTS: Statement = {
  name: 'retention_events',
  // The terminal event stays: it says what came of the task, and ends whoever follows it.
  text: `
    WITH due AS (
      SELECT id FROM tasks WHERE finished_at IS NOT NULL AND NOT events_trimmed AND ${OLDER('finished_at')}
      ORDER BY finished_at LIMIT $1 FOR UPDATE SKIP LOCKED),
    gone AS (
      DELETE FROM task_events e USING due WHERE e.task_id = due.id AND e.type = 'progress' RETURNING 1),
    marked AS (
      UPDATE tasks SET events_trimmed = true WHERE id IN (SELECT id FROM due) RETURNING 1)
    SELECT (SELECT count(*)::int FROM marked) AS taken, (SELECT count(*)::int FROM gone) AS removed`,
};

const LOGS = removal(
  'logs',
  'task_logs',
  'task_id, name',
  `SELECT l.task_id, l.name FROM task_logs l WHERE ${OLDER('l.written_at')}
     AND EXISTS (SELECT 1 FROM tasks t WHERE t.id = l.task_id AND t.finished_at IS NOT NULL)`,
);

const CHECKPOINTS: Statement = {
  name: 'retention_checkpoints',
  // Also those of builds that were deleted with their project.
  text: `
    WITH threads AS (
      SELECT DISTINCT c.thread_id FROM ${CHECKPOINT_SCHEMA}.checkpoints c
      WHERE NOT EXISTS (
        SELECT 1 FROM tasks t WHERE t.id::text = c.thread_id
          AND (t.finished_at IS NULL OR NOT ${OLDER('t.finished_at')}))
      LIMIT $1),
    writes AS (
      DELETE FROM ${CHECKPOINT_SCHEMA}.checkpoint_writes w USING threads WHERE w.thread_id = threads.thread_id),
    blobs AS (
      DELETE FROM ${CHECKPOINT_SCHEMA}.checkpoint_blobs b USING threads WHERE b.thread_id = threads.thread_id),
    gone AS (
      DELETE FROM ${CHECKPOINT_SCHEMA}.checkpoints c USING threads WHERE c.thread_id = threads.thread_id RETURNING 1)
    SELECT (SELECT count(*)::int FROM threads) AS taken, (SELECT count(*)::int FROM gone) AS removed`,
};

const TASKS = removal(
  'tasks',
  'tasks',
  'id',
  `SELECT id FROM tasks WHERE finished_at IS NOT NULL AND ${OLDER('finished_at')}`,
);

// What is neither a head nor anything's parent lies on no line; its own parent may be the next to go.
const SNAPSHOTS = removal(
  'snapshots',
  'snapshots',
  'id',
  `SELECT s.id FROM snapshots s
   WHERE ${OLDER('s.created_at')}
     AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.head_snapshot_id = s.id)
     AND NOT EXISTS (SELECT 1 FROM snapshots c WHERE c.parent_id = s.id)
     AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = s.task_id)
     AND NOT EXISTS (
       SELECT 1 FROM projects p JOIN tasks t ON t.owner = p.owner AND t.project_name = p.name
       WHERE p.id = s.project_id
         AND (t.status IN ('initializing', 'running') OR t.base_snapshot_id = s.id))`,
);

/** What goes at an age; 0 days: never. In the order in which they must run. */
export function sweepsOf(days: RetentionDays): Sweep[] {
  const aged: (Sweep & { days: number })[] = [
    { name: 'events', statement: EVENTS, days: days.eventsDays },
    { name: 'logs', statement: LOGS, days: days.logsDays },
    { name: 'checkpoints', statement: CHECKPOINTS, days: days.checkpointsDays },
    { name: 'tasks', statement: TASKS, days: days.tasksDays },
    { name: 'snapshots', statement: SNAPSHOTS, days: days.tasksDays },
  ];
  return [...SWEEPS, ...aged.filter((sweep) => sweep.days > 0)];
}
