import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What analyses found, what people decided about it, and what engines already answered. */
export class Analysis1764100000000 implements MigrationInterface {
  name = 'Analysis1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE analysis_findings (
        analysis_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
        position integer NOT NULL,                -- 0: the worst
        fingerprint text NOT NULL,
        category text NOT NULL,
        severity text NOT NULL,
        rule_id text NOT NULL,
        engine text NOT NULL,
        file text NOT NULL,
        in_default_view boolean NOT NULL,
        body json NOT NULL,
        PRIMARY KEY (analysis_id, position)
      );
      CREATE INDEX analysis_findings_fingerprint ON analysis_findings (fingerprint);

      -- Decisions of people: they hold for every later analysis of the project.
      CREATE TABLE finding_marks (
        owner varchar(64) NOT NULL REFERENCES users (username),
        project_name varchar(100) NOT NULL,
        fingerprint text NOT NULL,
        status text NOT NULL CHECK (status IN ('open', 'false_positive', 'accepted')),
        comment text,
        marked_by varchar(64) NOT NULL,
        marked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (owner, project_name, fingerprint)
      );

      CREATE TABLE quality_gates (
        owner varchar(64) NOT NULL REFERENCES users (username),
        project_name varchar(100) NOT NULL,
        conditions json NOT NULL,
        PRIMARY KEY (owner, project_name)
      );

      -- By engine, version, path and content: what was analysed once costs nothing again.
      CREATE TABLE engine_answers (
        key bytea PRIMARY KEY,
        answer json NOT NULL,
        used_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX engine_answers_used_at ON engine_answers (used_at);

      CREATE INDEX tasks_finished_analyses ON tasks (owner, project_name, created_at DESC)
        WHERE kind = 'analysis' AND status = 'completed';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX tasks_finished_analyses;
      DROP TABLE engine_answers, quality_gates, finding_marks, analysis_findings;
    `);
  }
}
