/** A database as it is after some months, written with plain SQL. */
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

/* global fetch */

const BUILDS = 10_000;
const LANES = 100;

/**
 * @returns A user's credentials, some of their builds, a build that runs elsewhere (its events can be asked for), and
 * the names of projects whose lanes are held by one: what is posted for them is accepted, and waits.
 */
export async function seed(url, databaseUrl) {
  const username = `bench-${randomBytes(4).toString('hex')}`;
  const headers = await logIn(url, username);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const builds = await insertHistory(client, username);
    const lanes = Array.from({ length: LANES }, (_, index) => `lane-${index}`);
    for (const name of lanes) {
      await insertRunning(client, username, name);
    }
    const running = await insertRunning(client, username, 'watched');
    await client.query('ANALYZE');
    return { headers, builds, running, lanes };
  } finally {
    await client.end();
  }
}

async function logIn(url, username) {
  const body = JSON.stringify({ username, password: randomBytes(12).toString('base64url') });
  let answer;
  for (const path of ['/auth/register', '/auth/login']) {
    answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (!answer.ok) {
      throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    }
  }
  const { access_token: token } = await answer.json();
  return { authorization: `Bearer ${token}` };
}

async function insertHistory(client, username) {
  const results = {
    generated_files: Array.from({ length: 30 }, (_, index) => `app/module_${index}.py`),
    tests_passed: 34,
    tests_failed: 0,
    test_coverage: 97.5,
    type_errors: 0,
    lint_errors: 0,
    checks: ['types', 'lint', 'format', 'tests', 'smoke'].map((name) => ({
      name,
      command: `python -m ${name} .`,
      passed: true,
      exit_status: 0,
      duration_ms: 2000,
      report: { errors: 0 },
    })),
    engine: 'blueprints',
    notes: [],
  };
  const { rows } = await client.query(
    `INSERT INTO tasks (id, kind, owner, project_name, status, progress, input, results, created_at,
                        started_at, finished_at)
     SELECT gen_random_uuid(), 'build', $1, 'project-' || n % 50, 'completed', 100, $2, $3,
            now() - n * interval '1 min', now() - n * interval '1 min', now() - n * interval '1 min'
     FROM generate_series(1, ${BUILDS}) n RETURNING id`,
    [username, { goal: 'Add authentication with JWT support', parameters: {} }, results],
  );
  return rows.slice(0, 200).map(({ id }) => id);
}

/** Under a lease that outlasts the measurement, of a worker that doesn't exist. */
async function insertRunning(client, username, projectName) {
  const id = randomUUID();
  await client.query(
    `INSERT INTO tasks (id, kind, owner, project_name, status, input, lane, started_at, renewed_at,
                        lease_owner, lease_generation, lease_until, next_dispatch_at)
     VALUES ($1, 'build', $2, $3, 'running', $4, $5, now(), now(), $6, 1, now() + interval '1 h',
             now() + interval '1 h')`,
    [
      id,
      username,
      projectName,
      { goal: 'Add a health check', parameters: {} },
      `build:${username}/${projectName}`,
      randomUUID(),
    ],
  );
  return id;
}
