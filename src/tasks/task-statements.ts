import type { Statement } from '../infra/database/database.js';
import { STORED_BYTES } from './stored-bytes.js';
import { IS_READY, nextFreeTurn, nextTurn, TURN_ORDER } from './task-turns.js';

/**
 * The moves of a task's life, one statement each.
 *
 * `move` is an UPDATE … RETURNING on the allowed source status (and, once running, on the lease's generation);
 * the event goes in with it, so that state and log can't part.
 */
function withEvent(name: string, move: string, type: string, body: string, more = ''): Statement {
  return {
    name: `task_${name}`,
    text: `
      WITH moved AS (${move}),
      logged AS (
        INSERT INTO task_events (task_id, seq, type, body)
        SELECT id, last_seq, '${type}', ${body} FROM moved
        RETURNING task_id, seq, type, body, created_at
      )
      SELECT logged.*${more} FROM logged, moved`,
  };
}

function named(name: string, text: string): Statement {
  return { name: `task_${name}`, text };
}

/**
 * The status, hidden from the planner where a row is found otherwise: when its statistics say that nothing waits or runs,
 * it would rather read a whole partial index on the status than look up the one row.
 */
const STATUS = `status COLLATE "C"`;

const HOLDS_LEASE = `id = $1 AND ${STATUS} = 'running' AND lease_generation = $2`;

/** Nobody earlier waits in the lane, and nobody runs in it. */
const IS_ITS_TURN = `(t.lane IS NULL OR NOT EXISTS (
  SELECT 1 FROM tasks o
  WHERE o.lane = t.lane AND o.finished_at IS NULL AND o.id <> t.id
    AND (o.${STATUS} = 'running' OR (o.created_at, o.id) < (t.created_at, t.id))))`;

const PROGRESS_BODY = (data: string) =>
  `json_build_object('status', status, 'progress', progress, 'data', ${data})`;

const IS_LEFT_BEHIND = `t.${STATUS} = 'running' AND (t.lease_until IS NULL OR t.lease_until < now())`;

/** @param id Of the task to claim, as SQL: once only, for it may lock. */
function claim(name: string, id: string): Statement {
  return withEvent(
    name,
    `UPDATE tasks t SET
       status = 'running', lease_owner = $2, lease_generation = t.lease_generation + 1,
       lease_until = now() + $3 * interval '1 ms', renewed_at = now(),
       started_at = COALESCE(t.started_at, now()), last_seq = t.last_seq + 1, dispatches = 0, turn = NULL,
       next_dispatch_at = now() + $3 * interval '1 ms',
       lost_workers = t.lost_workers + (t.status = 'running' AND t.lease_until IS NOT NULL)::int
     WHERE t.id = ${id} AND ${IS_ITS_TURN} AND (t.${STATUS} = 'initializing' OR (${IS_LEFT_BEHIND}))
     RETURNING t.*`,
    'progress',
    PROGRESS_BODY(
      `json_build_object('current_step', CASE WHEN lease_generation = 1 THEN 'Starting' ELSE 'Resuming' END)`,
    ),
    ', moved.lease_generation, moved.ran_ms, moved.lost_workers, moved.lane',
  );
}

export const STATEMENTS = {
  // The row is its own outbox: next_dispatch_at lies a little in the future, because the accepting process
  // hands the id to the queue itself right after this. It takes no turn while its lane is busy.
  insert: withEvent(
    'insert',
    `INSERT INTO tasks (id, kind, owner, project_name, input, input_bytes, lane, turn, idempotency_key,
                        idempotency_hash, last_seq, next_dispatch_at)
     VALUES ($1, $2, $3::varchar, $4, $5::json, octet_length($5::text), $6::text,
             CASE WHEN $6 IS NOT NULL AND EXISTS (
               SELECT 1 FROM tasks o WHERE o.lane = $6 AND o.finished_at IS NULL)
             THEN NULL ELSE ${nextFreeTurn('$3')} END,
             $7, $8, 1, now() + interval '5 s')
     RETURNING id, last_seq, status, progress`,
    'progress',
    PROGRESS_BODY(`json_build_object('current_step', 'Waiting for a worker')`),
  ),

  // This very task.
  claim: claim('claim', '$1'),

  // What a delivery starts: which task, is decided here and not by the message. First what a dead or stopping worker
  // left behind, then whose turn it is among the users, then the delivered one, whose lane may just have become free.
  // $4: what this worker still holds; it lets go of an old lease before it takes the next.
  claimNext: claim(
    'claim_next',
    `COALESCE(
      (SELECT t.id FROM tasks t
       WHERE t.started_at IS NOT NULL AND t.finished_at IS NULL AND ${IS_LEFT_BEHIND} AND (t.next_dispatch_at <= now() OR t.dispatches > 0) AND t.id <> ALL($4::uuid[])
       ORDER BY t.next_dispatch_at LIMIT 1 FOR UPDATE SKIP LOCKED),
      (SELECT t.id FROM tasks t
       WHERE ${IS_READY('t')} AND ${IS_ITS_TURN}
       ORDER BY ${TURN_ORDER} LIMIT 1 FOR UPDATE SKIP LOCKED),
      (SELECT t.id FROM tasks t
       WHERE t.id = $1 AND t.${STATUS} = 'initializing' AND ${IS_ITS_TURN} FOR UPDATE SKIP LOCKED))`,
  ),

  renew: named(
    'renew',
    `UPDATE tasks SET
       lease_until = now() + $2 * interval '1 ms', renewed_at = now(),
       ran_ms = ran_ms + (extract(epoch FROM now() - renewed_at) * 1000)::bigint
     WHERE id = ANY($3::uuid[]) AND lease_owner = $1 AND ${STATUS} = 'running' AND lease_until IS NOT NULL
     RETURNING id, lease_generation`,
  ),

  progress: withEvent(
    'progress',
    `UPDATE tasks SET progress = GREATEST(progress, $3::smallint), last_seq = last_seq + 1
     WHERE ${HOLDS_LEASE} RETURNING id, last_seq, status, progress`,
    'progress',
    PROGRESS_BODY('$4::json'),
  ),

  lockUnderLease: named('lock', `SELECT id FROM tasks WHERE ${HOLDS_LEASE} FOR UPDATE`),

  complete: withEvent(
    'complete',
    `UPDATE tasks SET status = 'completed', progress = 100, results = $3::json, finished_at = now(),
       last_seq = last_seq + 1, lease_until = NULL
     WHERE ${HOLDS_LEASE} RETURNING id, last_seq, status, results`,
    'completion',
    `json_build_object('status', status, 'progress', 100, 'results', coalesce($4::json, results))`,
  ),

  fail: withEvent(
    'fail',
    `UPDATE tasks SET status = 'failed', error = $3, results = $4::json, finished_at = now(),
       last_seq = last_seq + 1, lease_until = NULL
     WHERE ${HOLDS_LEASE} RETURNING id, last_seq, status, error, progress`,
    'error',
    `json_build_object('status', status, 'progress', progress, 'error', error)`,
  ),

  cancel: withEvent(
    'cancel',
    // Of what was given back nothing runs: its stop needs no worker's word.
    `UPDATE tasks SET status = 'cancelled', finished_at = now(), last_seq = last_seq + 1,
       stopped_in_ms = CASE WHEN started_at IS NOT NULL AND lease_until IS NULL THEN 0 END
     WHERE id = $1 AND ${STATUS} IN ('initializing', 'running') RETURNING id, last_seq, status, progress`,
    'cancelled',
    `json_build_object('status', status, 'progress', progress)`,
  ),

  recordStop: named(
    'record_stop',
    `UPDATE tasks SET stopped_in_ms = (extract(epoch FROM clock_timestamp() - finished_at) * 1000)::int,
       lease_until = NULL
     WHERE id = $1 AND ${STATUS} = 'cancelled' AND lease_generation = $2`,
  ),

  handBack: named(
    'hand_back',
    `UPDATE tasks SET lease_until = NULL, next_dispatch_at = now() + $3 * interval '1 ms',
       ran_ms = ran_ms + (extract(epoch FROM now() - renewed_at) * 1000)::bigint
     WHERE ${HOLDS_LEASE}`,
  ),

  park: withEvent(
    'park',
    `UPDATE tasks SET lease_until = NULL, next_dispatch_at = now() + $3 * interval '1 ms',
       ran_ms = ran_ms + (extract(epoch FROM now() - renewed_at) * 1000)::bigint, last_seq = last_seq + 1
     WHERE ${HOLDS_LEASE} RETURNING id, last_seq, status, progress, next_dispatch_at`,
    'progress',
    PROGRESS_BODY(
      `json_build_object('current_step', $4::text, 'parked_until',
         to_char(next_dispatch_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
    ),
  ),

  // Relay and recovery in one: what was never enqueued, whose delivery got lost, and whose worker died.
  takeDue: named(
    'take_due',
    `UPDATE tasks d SET
       dispatches = LEAST(dispatches + 1, 6),
       next_dispatch_at = now() + LEAST(5 * 2 ^ dispatches, 300) * interval '1 s',
       turn = CASE WHEN started_at IS NULL THEN COALESCE(turn, ${nextTurn('d.owner')}) END
     WHERE id IN (
       SELECT t.id FROM tasks t
       WHERE t.status IN ('initializing', 'running') AND t.next_dispatch_at <= now()
         AND (t.status = 'initializing' OR t.lease_until IS NULL OR t.lease_until < now())
         AND ${IS_ITS_TURN}
       ORDER BY t.next_dispatch_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, kind`,
  ),

  nextInLane: named(
    'next_in_lane',
    `UPDATE tasks d SET
       next_dispatch_at = now() + interval '5 s', turn = COALESCE(turn, ${nextTurn('d.owner')})
     WHERE ${STATUS} = 'initializing' AND id = (
       SELECT n.id FROM tasks t JOIN tasks n ON n.lane = t.lane
       WHERE t.id = $1 AND n.finished_at IS NULL
       ORDER BY n.status = 'running' DESC, n.created_at, n.id LIMIT 1)
     RETURNING id, kind`,
  ),

  firstReady: named(
    'first_ready',
    `SELECT t.id, t.kind FROM tasks t
     WHERE ${IS_READY('t')} AND ${IS_ITS_TURN} ORDER BY ${TURN_ORDER} LIMIT 1`,
  ),

  eventsSince: named(
    'events_since',
    `SELECT task_id, seq, type, body, created_at FROM task_events
     WHERE task_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
  ),

  lastSeqs: named('last_seqs', `SELECT id, last_seq FROM tasks WHERE id = ANY($1::uuid[])`),

  // Up to the limit: nobody asks how far beyond it.
  countUnfinished: named(
    'count_unfinished',
    `SELECT count(*)::int AS count FROM (
       SELECT 1 FROM tasks WHERE owner = $1 AND owner <> '' AND finished_at IS NULL LIMIT $2) unfinished`,
  ),

  // The same lock as the writers of snapshots have, who hold their project when they take it.
  lockOwner: named('lock_owner', `SELECT 1 FROM users WHERE username = $1 FOR NO KEY UPDATE`),

  storedBytes: named('stored_bytes', `SELECT (${STORED_BYTES})::float8 AS bytes`),

  dropOldKey: named(
    'drop_old_key',
    `UPDATE tasks SET idempotency_key = NULL
     WHERE owner = $1 AND kind = $2 AND idempotency_key = $3 AND created_at < now() - interval '24 h'`,
  ),

  findByKey: named(
    'find_by_key',
    `SELECT id, status, idempotency_hash FROM tasks WHERE owner = $1 AND kind = $2 AND idempotency_key = $3`,
  ),
} satisfies Record<string, Statement>;
