import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the engine generated of each snapshot, where restored ones came from, and what builds used of models. */
export class Living1764200000000 implements MigrationInterface {
  name = 'Living1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GENERATIONS);
    // One by one: each has the time that one statement may take.
    for (const statement of FIND_GENERATIONS) {
      await runner.query(statement);
    }
    await runner.query(MODEL_USAGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE model_usage;
      ALTER TABLE snapshots DROP COLUMN generated_id, DROP COLUMN restored_from;
    `);
  }
}

const GENERATIONS = `
  ALTER TABLE snapshots
    -- The engine's own text that these files rest on: itself where nobody edited it, NULL where there is none.
    ADD COLUMN generated_id uuid REFERENCES snapshots,
    ADD COLUMN restored_from uuid REFERENCES snapshots;
  CREATE INDEX snapshots_generated_id ON snapshots (generated_id) WHERE generated_id IS NOT NULL;
  CREATE INDEX snapshots_restored_from ON snapshots (restored_from) WHERE restored_from IS NOT NULL;
`;

/** So far the blueprints never built on a user's text: what they made was theirs alone. */
const FIND_GENERATIONS = [
  `UPDATE snapshots s SET generated_id = s.id FROM tasks t
  WHERE t.id = s.task_id AND t.results ->> 'engine' = 'blueprints'`,

  // Restored, or uploaded again untouched.
  `UPDATE snapshots s SET generated_id = (
    SELECT o.id FROM snapshots o
    WHERE o.project_id = s.project_id AND o.generated_id = o.id
      AND o.file_count = s.file_count AND o.total_bytes = s.total_bytes
      AND NOT EXISTS (
        SELECT path, sha256 FROM snapshot_files WHERE snapshot_id = s.id
        EXCEPT SELECT path, sha256 FROM snapshot_files WHERE snapshot_id = o.id)
    ORDER BY o.created_at DESC LIMIT 1)
  WHERE s.task_id IS NULL`,

  // Edited: what the nearest snapshot before rests on, unless hardly a path of it is left.
  `WITH RECURSIVE line AS (
    SELECT id, generated_id FROM snapshots WHERE generated_id IS NOT NULL
    UNION ALL
    SELECT s.id, line.generated_id FROM snapshots s JOIN line ON s.parent_id = line.id
    WHERE s.task_id IS NULL AND s.generated_id IS NULL)
  UPDATE snapshots s SET generated_id = line.generated_id
  FROM line JOIN snapshots g ON g.id = line.generated_id
  WHERE s.id = line.id AND s.generated_id IS NULL
    AND 4 * (SELECT count(*) FROM snapshot_files a JOIN snapshot_files b USING (path)
             WHERE a.snapshot_id = s.id AND b.snapshot_id = g.id) >= g.file_count`,
];

const MODEL_USAGE = `
  -- One row a build that ran, also after its project was deleted: an account can't be made smaller.
  CREATE TABLE model_usage (
    task_id uuid PRIMARY KEY,
    owner varchar(64) NOT NULL REFERENCES users (username),
    began_at timestamptz NOT NULL DEFAULT now(),
    calls integer NOT NULL DEFAULT 0,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    cached_tokens bigint NOT NULL DEFAULT 0,
    cost_usd numeric(14, 6),                  -- NULL: the prices weren't known
    estimated boolean NOT NULL DEFAULT false
  );
  CREATE INDEX model_usage_owner ON model_usage (owner, began_at);

  INSERT INTO model_usage (task_id, owner, began_at, calls, input_tokens, output_tokens, cached_tokens,
                           cost_usd, estimated)
  SELECT id, owner, started_at,
         COALESCE((results #>> '{usage,calls}')::integer, 0),
         COALESCE((results #>> '{usage,input_tokens}')::bigint, 0),
         COALESCE((results #>> '{usage,output_tokens}')::bigint, 0),
         COALESCE((results #>> '{usage,cached_tokens}')::bigint, 0),
         (results #>> '{usage,cost_usd}')::numeric,
         COALESCE((results #>> '{usage,estimated}')::boolean, false)
  FROM tasks WHERE kind = 'build' AND started_at IS NOT NULL;
`;
