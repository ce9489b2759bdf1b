import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What running it for long and for many takes: turns among users, and finding what is old. */
export class Operations1764300000000 implements MigrationInterface {
  name = 'Operations1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TURNS);
    await runner.query(AGES);
    await runner.query(BYTES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE retention_runs;
      DROP INDEX tasks_turns, tasks_open_owner, tasks_open_lane, tasks_running, tasks_untrimmed, tasks_keys,
                 tasks_finished, tasks_inputs, task_logs_written_at;
      ALTER TABLE tasks DROP COLUMN turn, DROP COLUMN events_trimmed, DROP COLUMN input_bytes;
      ALTER TABLE snapshots DROP COLUMN path_bytes;
      CREATE INDEX tasks_unfinished ON tasks (owner) WHERE status IN ('initializing', 'running');
      CREATE INDEX tasks_lane ON tasks (lane, created_at, id) WHERE status IN ('initializing', 'running');
    `);
  }
}

// Columns only, each with a constant default: the previous release goes on writing beside this one.
const TURNS = `
  -- The round of the fair queue in which a waiting task starts: one task a user and round. NULL: its lane is busy.
  -- 0: written by a release that knows no turns.
  ALTER TABLE tasks ADD COLUMN turn integer DEFAULT 0;

  -- When statistics say that nothing waits (as they do whenever they are taken on a quiet day), all partial indexes on the
  -- same condition look alike to the planner, and it may read one whole to find one row. So each of these has a condition
  -- that no statement for another implies.
  CREATE INDEX tasks_turns ON tasks (turn, created_at, id)
    WHERE turn IS NOT NULL AND started_at IS NULL AND finished_at IS NULL;
  CREATE INDEX tasks_open_owner ON tasks (owner, turn DESC NULLS LAST) WHERE finished_at IS NULL AND owner <> '';
  CREATE INDEX tasks_open_lane ON tasks (lane, created_at, id) WHERE finished_at IS NULL AND lane IS NOT NULL;
  CREATE INDEX tasks_running ON tasks (next_dispatch_at) WHERE started_at IS NOT NULL AND finished_at IS NULL;
  -- In their place; the release before does without.
  DROP INDEX tasks_unfinished, tasks_lane;
`;

const AGES = `
  ALTER TABLE tasks ADD COLUMN events_trimmed boolean NOT NULL DEFAULT false;
  CREATE INDEX tasks_untrimmed ON tasks (finished_at) WHERE finished_at IS NOT NULL AND NOT events_trimmed;
  CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
  CREATE INDEX tasks_keys ON tasks (created_at) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX task_logs_written_at ON task_logs (written_at);

  -- One row: when old rows were last removed, by whichever process.
  CREATE TABLE retention_runs (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    began_at timestamptz NOT NULL DEFAULT '-infinity'
  );
  INSERT INTO retention_runs DEFAULT VALUES;
`;

const BYTES = `
  -- For the quota of stored bytes. Small inputs are not summed up: they are about what the row takes anyway.
  ALTER TABLE tasks ADD COLUMN input_bytes integer NOT NULL DEFAULT 0;
  CREATE INDEX tasks_inputs ON tasks (owner) INCLUDE (input_bytes) WHERE input_bytes >= 4096;
  ALTER TABLE snapshots ADD COLUMN path_bytes integer NOT NULL DEFAULT 0;
`;
