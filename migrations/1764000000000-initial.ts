import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, the task kernel's tables, and the sources. Every time is the database's own. */
export class Initial1764000000000 implements MigrationInterface {
  name = 'Initial1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(USERS);
    await runner.query(SOURCES);
    await runner.query(TASKS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE task_logs, task_events, snapshot_files, snapshots, projects, blobs, tasks,
                 api_keys, refresh_tokens, sessions, users CASCADE;
      DROP FUNCTION refuse_terminal_change();
    `);
  }
}

const USERS = `
  CREATE TABLE users (
    username varchar(64) PRIMARY KEY,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'user', 'viewer')),
    permissions text[],                       -- NULL: those of the role
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  -- Alice and alice would be one person to whoever reads a list.
  CREATE UNIQUE INDEX users_username_key ON users (lower(username));

  -- One login: the family of its refresh tokens, and what its access tokens are bound to.
  CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    username varchar(64) NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
  );
  CREATE INDEX sessions_username ON sessions (username);
  CREATE INDEX sessions_expires_at ON sessions (expires_at);

  CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
  );
  CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

  CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    username varchar(64) NOT NULL REFERENCES users ON DELETE CASCADE,
    name varchar(100) NOT NULL,
    key_hash bytea NOT NULL UNIQUE,
    permissions text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz
  );
  CREATE INDEX api_keys_username ON api_keys (username);
`;

const SOURCES = `
  CREATE TABLE blobs (
    sha256 bytea PRIMARY KEY,
    size integer NOT NULL,
    content bytea NOT NULL
  );

  CREATE TABLE projects (
    id uuid PRIMARY KEY,
    owner varchar(64) NOT NULL REFERENCES users (username),
    name varchar(100) NOT NULL,
    head_snapshot_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner, name)
  );

  -- The state of a project's source at one moment; never changed once written.
  CREATE TABLE snapshots (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    parent_id uuid REFERENCES snapshots,
    task_id uuid,                             -- NULL: uploaded
    author varchar(64) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    file_count integer NOT NULL,
    total_bytes bigint NOT NULL
  );
  CREATE INDEX snapshots_project_id ON snapshots (project_id, created_at DESC);
  CREATE INDEX snapshots_parent_id ON snapshots (parent_id);
  CREATE INDEX snapshots_task_id ON snapshots (task_id, created_at DESC);
  CREATE INDEX projects_head_snapshot_id ON projects (head_snapshot_id);
  ALTER TABLE projects ADD FOREIGN KEY (head_snapshot_id) REFERENCES snapshots;

  CREATE TABLE snapshot_files (
    snapshot_id uuid NOT NULL REFERENCES snapshots ON DELETE CASCADE,
    path text NOT NULL,
    sha256 bytea NOT NULL REFERENCES blobs,
    PRIMARY KEY (snapshot_id, path)
  );
  CREATE INDEX snapshot_files_sha256 ON snapshot_files (sha256);
`;

const TASKS = `
  CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    owner varchar(64) NOT NULL REFERENCES users (username),
    project_name varchar(100) NOT NULL,
    status text NOT NULL DEFAULT 'initializing'
      CHECK (status IN ('initializing', 'running', 'completed', 'failed', 'cancelled')),
    progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    input json NOT NULL,
    results json,
    error text,
    base_snapshot_id uuid,                    -- the source that the task started from
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    stopped_in_ms integer,

    lane text,                                -- tasks of one lane run one after another
    last_seq integer NOT NULL DEFAULT 0,
    lease_owner uuid,
    lease_generation integer NOT NULL DEFAULT 0,
    lease_until timestamptz,                  -- NULL while running: handed back
    renewed_at timestamptz,
    ran_ms bigint NOT NULL DEFAULT 0,         -- running time, for the task's time limit
    lost_workers smallint NOT NULL DEFAULT 0,
    dispatches smallint NOT NULL DEFAULT 0,
    next_dispatch_at timestamptz NOT NULL DEFAULT now(),

    idempotency_key varchar(255),
    idempotency_hash bytea
  );
  CREATE INDEX tasks_history ON tasks (kind, owner, created_at DESC, id DESC);
  CREATE INDEX tasks_all_history ON tasks (kind, created_at DESC, id DESC);
  CREATE INDEX tasks_project ON tasks (owner, project_name);
  CREATE INDEX tasks_due ON tasks (next_dispatch_at) WHERE status IN ('initializing', 'running');
  CREATE INDEX tasks_unfinished ON tasks (owner) WHERE status IN ('initializing', 'running');
  CREATE INDEX tasks_lane ON tasks (lane, created_at, id) WHERE status IN ('initializing', 'running');
  CREATE UNIQUE INDEX tasks_one_running_a_lane ON tasks (lane) WHERE status = 'running';
  CREATE UNIQUE INDEX tasks_idempotency ON tasks (owner, kind, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

  CREATE TABLE task_events (
    task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
    seq integer NOT NULL,
    type text NOT NULL CHECK (type IN ('progress', 'completion', 'error', 'cancelled')),
    body json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (task_id, seq)
  );

  -- The raw output of each command that a task ran.
  CREATE TABLE task_logs (
    task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
    name text NOT NULL,
    output text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, name)
  );

  -- The last line of defence behind the conditional moves: a terminal status never changes.
  CREATE FUNCTION refuse_terminal_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF (NEW.status, NEW.progress, NEW.results::text, NEW.error, NEW.last_seq)
       IS DISTINCT FROM (OLD.status, OLD.progress, OLD.results::text, OLD.error, OLD.last_seq) THEN
      RAISE EXCEPTION 'task % is %: that can''t change', OLD.id, OLD.status;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER refuse_terminal_change BEFORE UPDATE ON tasks FOR EACH ROW
    WHEN (OLD.status IN ('completed', 'failed', 'cancelled'))
    EXECUTE FUNCTION refuse_terminal_change();
`;
