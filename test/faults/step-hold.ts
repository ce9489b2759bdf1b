import pg from 'pg';
import type { SystemProcess } from '../support/system-process.js';
import { BUILD_TIMEOUT_MS } from '../support/system-suite.js';
import type { FaultSystem } from './fault-system.js';
import { waitUntil } from './wait-until.js';

/** What a worker that died had: nobody else may have it until then. One that died at the claim had none. */
export interface LeftLease {
  generation: number;
  /** As the database writes it. */
  until: string;
}

/** Lets workers of this system be held. */
export async function allowHolds(system: FaultSystem): Promise<void> {
  await system.query(HOLD_STEPS);
}

/** Keeps a worker in the step of its task that a case wants to catch it in. */
export class StepHold {
  private constructor(
    private readonly system: FaultSystem,
    private readonly keeper: pg.Client,
    private readonly project: string,
  ) {}

  /**
   * Of a task that may not have been posted yet, which is known by its project, so that none of its steps is missed.
   *
   * The next worker that tells of that step stops in this very statement. It can't renew its lease there.
   * @param step Begins the text of the step, or the type of the event: `completion` is the end.
   * @param percent Of progress, from which on.
   */
  static async of(
    system: FaultSystem,
    project: string,
    step: string,
    percent = 0,
  ): Promise<StepHold> {
    const keeper = new pg.Client({ connectionString: system.databaseUrl });
    // A case that fails leaves it open, and its database is dropped.
    keeper.on('error', () => undefined);
    system.around.push(() => keeper.end());
    await keeper.connect();
    await keeper.query('SELECT pg_advisory_lock(hashtext($1))', [project]);
    await keeper.query('INSERT INTO held_steps VALUES ($1, $2, $3)', [project, step, percent]);
    return new StepHold(system, keeper, project);
  }

  /** @returns who stands there, once somebody does. */
  async reached(): Promise<SystemProcess> {
    const name = await waitUntil(
      `a worker to stand in that step of ${this.project}`,
      async () => {
        const { rows } = await this.keeper.query<{ name: string }>(WHO_STANDS, [this.project]);
        return rows[0]?.name;
      },
      BUILD_TIMEOUT_MS,
    );
    const found = this.system.byName.get(name);
    if (!found) {
      throw new Error(`${name} is none of the system's processes`);
    }
    return found;
  }

  /** Kills whoever stands there; nothing of its statement stays. The next one will stand there, too, until the release. */
  async kill(): Promise<LeftLease> {
    const worker = await this.reached();
    await worker.signal('SIGKILL');
    const { rows } = await this.keeper.query<LeftLease>(LEASE, [this.project]);
    await this.keeper.query(END_STATEMENT, [this.project]);
    return rows[0] ?? { generation: 0, until: '' };
  }

  /** Lets it go on, and whoever comes next. */
  async release(): Promise<void> {
    await this.keeper.query('DELETE FROM held_steps WHERE project = $1', [this.project]);
    await this.keeper.end();
  }
}

const HOLD_STEPS = `
  CREATE TABLE held_steps (project text, step text, percent integer);
  CREATE FUNCTION hold_step() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    of_task text := (SELECT project_name FROM tasks WHERE id = NEW.task_id);
  BEGIN
    IF EXISTS (
      SELECT 1 FROM held_steps h WHERE h.project = of_task AND coalesce(NEW.body ->> 'progress', '100')::integer >= h.percent
        AND (h.step = NEW.type OR starts_with(NEW.body #>> '{data,current_step}', h.step)))
    THEN
      PERFORM pg_advisory_xact_lock_shared(hashtext(of_task));
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER hold_step BEFORE INSERT ON task_events FOR EACH ROW EXECUTE FUNCTION hold_step();`;

const WAITING = `
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND NOT l.granted AND a.datname = current_database()
    AND l.objid::bigint = (hashtext($1)::bigint & 4294967295)`;

const WHO_STANDS = `SELECT a.application_name AS name ${WAITING}`;
const END_STATEMENT = `SELECT pg_terminate_backend(a.pid, 5000) ${WAITING}`;
const LEASE = `
  SELECT lease_generation AS generation, coalesce(lease_until, now())::text AS until FROM tasks WHERE project_name = $1`;
