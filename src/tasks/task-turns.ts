import type { Statement } from '../infra/database/database.js';

/** More waiting tasks than this before one are not counted: the position is read with every poll. */
export const MAX_POSITION = 1_000;

/** Inserts of one user that may be under way at once without two of them getting the same turn. */
const IN_FLIGHT = 64;

/** A task that is ready to start: in the words of the index on turns, and of no other. */
export const IS_READY = (row: string) =>
  `${row}.turn IS NOT NULL AND ${row}.started_at IS NULL AND ${row}.finished_at IS NULL`;

/** The round that is being served: that of the first task that waits. */
const ROUND = `COALESCE((
  SELECT w.turn FROM tasks w WHERE ${IS_READY('w')} ORDER BY w.turn, w.created_at, w.id LIMIT 1), 1)`;

const LAST_OF = (owner: string) => `COALESCE((
  SELECT w.turn FROM tasks w WHERE w.owner = ${owner} AND w.owner <> '' AND w.finished_at IS NULL
  ORDER BY w.turn DESC NULLS LAST LIMIT 1), 0)`;

/**
 * The turn that a task gets when it becomes ready: in the round being served, or in the one after its owner's last
 * waiting task. So each round has one task of each user, and a user's first starts in the round in which it came
 * (start-time fair queueing with a task as the unit).
 */
export function nextTurn(owner: string): string {
  return `GREATEST(${ROUND}, ${LAST_OF(owner)} + 1)`;
}

/**
 * The same while others of the owner may be inserted at this moment, which nobody sees yet. A lock of each turn that
 * is taken stays until its insert is committed; it is only tried, so nobody waits for anybody.
 */
export function nextFreeTurn(owner: string): string {
  return `(
    SELECT n FROM (SELECT ${nextTurn(owner)} AS first OFFSET 0) f, generate_series(f.first, f.first + ${IN_FLIGHT}) n
    WHERE n = f.first + ${IN_FLIGHT} OR pg_try_advisory_xact_lock(hashtext(${owner}), n)
    LIMIT 1)`;
}

/** The order in which ready tasks start. */
export const TURN_ORDER = 't.turn, t.created_at, t.id';

/** How many tasks start before each of the waiting ones of `$1`, as things stand; what waits for its lane comes behind the first of it. */
export const POSITIONS: Statement = {
  name: 'task_positions',
  text: `
    SELECT t.id, (
      SELECT count(*)::int FROM (
        SELECT 1 FROM tasks w
        WHERE ${IS_READY('w')}
          AND (w.turn, w.created_at, w.id) < (COALESCE(t.turn, ${nextTurn('t.owner')}), t.created_at, t.id)
        LIMIT ${MAX_POSITION}) before
    ) + CASE WHEN t.turn IS NOT NULL THEN 0 ELSE (
      SELECT count(*)::int FROM (
        SELECT 1 FROM tasks l
        WHERE l.lane = t.lane AND l.finished_at IS NULL AND l.started_at IS NULL AND l.turn IS NULL
          AND (l.created_at, l.id) < (t.created_at, t.id)
        LIMIT ${MAX_POSITION}) lane
    ) END AS position
    FROM tasks t WHERE t.id = ANY($1::uuid[]) AND t.started_at IS NULL AND t.finished_at IS NULL`,
};
