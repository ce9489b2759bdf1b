import { readdir } from 'node:fs/promises';
import type { Batch, Kind } from './fault-batch.js';
import type { FaultSystem } from './fault-system.js';
import { descendantsOf } from './process-family.js';
import { waitUntil } from './wait-until.js';

/** What became of a batch. */
export interface Tally {
  accepted: number;
  finished: number;
  /** Accepted, and not there or not at an end. */
  lost: number;
  /** With more than one end, or more than one set of results. */
  doubled: number;
}

interface TaskRow {
  id: string;
  kind: Kind;
  status: string;
  progress: number;
  last_seq: number;
  has_results: boolean;
  has_error: boolean;
  has_source: boolean;
  findings: number;
  last_finding: number;
}

interface EventRow {
  task_id: string;
  seq: number;
  type: string;
  status: string;
  progress: number | null;
}

const END_OF: Record<string, string> = {
  completed: 'completion',
  failed: 'error',
  cancelled: 'cancelled',
};

/**
 * Holds the tasks of a batch, and all others that were stored, against what must be true whatever died: every accepted
 * task has one terminal event, behind which nothing comes, `seq` has no gap, results are there once, and no process,
 * workspace or lease is left over.
 */
export async function expectInvariants(system: FaultSystem, batch: Batch): Promise<Tally> {
  const ids = new Set(batch.ids);
  const tasks = await system.query<TaskRow>(TASKS);
  const events = byTask(await system.query<EventRow>(EVENTS));
  const known = new Set(tasks.map(({ id }) => id));
  const missing = [...ids].filter((id) => !known.has(id));
  const problems = tasks.flatMap((task) => problemsOf(task, events.get(task.id) ?? []));
  const mine = tasks.filter(({ id }) => ids.has(id));
  const tally = {
    accepted: ids.size,
    finished: mine.filter(({ status }) => status in END_OF).length,
    lost: missing.length + mine.filter(({ status }) => !(status in END_OF)).length,
    doubled: mine.filter((task) => isDoubled(task, events.get(task.id) ?? [])).length,
  };
  expect({ ...tally, missing, problems }).toEqual({
    ...{ accepted: ids.size, finished: ids.size, lost: 0, doubled: 0 },
    ...{ missing: [], problems: [] },
  });
  await expectNothingLeft(system);
  return tally;
}

/** No process, workspace, lease, lock or open transaction of work that ended; what is on its way out may go. */
export async function expectNothingLeft(system: FaultSystem): Promise<void> {
  let left: string[] = [];
  await waitUntil('nothing to be left over', async () => {
    left = await leftOvers(system);
    return left.length === 0;
  }).catch(() => expect(left).toEqual([]));
}

async function leftOvers(system: FaultSystem): Promise<string[]> {
  const processes = system.processes
    .filter(({ isRunning }) => isRunning)
    .flatMap(({ pid }) => descendantsOf(pid))
    .map(({ pid, command }) => `process ${pid}: ${command}`)
    .filter((text) => !/postgres/.test(text));
  const folders = (await readdir(system.temporary)).filter((name) => name.startsWith('sandbox-'));
  const rows = await system.query<{ what: string }>(LEFT_IN_DATABASE);
  return [...processes, ...folders, ...rows.map(({ what }) => what)];
}

function problemsOf(task: TaskRow, events: EventRow[]): string[] {
  const problems: [boolean, string][] = [
    [!(task.status in END_OF), `is ${task.status}`],
    [events.some(({ seq }, index) => seq !== index + 1), 'has a gap in its events'],
    [events.length !== task.last_seq, `has ${events.length} events and counts ${task.last_seq}`],
    [events.filter(isEnd).length !== 1, `has ${events.filter(isEnd).length} ends`],
    [events.at(-1)?.type !== END_OF[task.status], `ends with ${events.at(-1)?.type}`],
    [events.at(-1)?.status !== task.status, `is told to be ${events.at(-1)?.status}`],
    [doesFall(events), 'went back in its progress'],
    [task.status === 'completed' && task.progress !== 100, `is complete at ${task.progress}`],
    [task.status === 'completed' && !task.has_results, 'is complete without results'],
    [(task.status === 'failed') !== task.has_error, 'has no error, or one too many'],
    [task.kind === 'build' && task.has_results && !task.has_source, 'tells of source that is gone'],
    [isDoubled(task, events), 'has its results, or its end, twice'],
  ];
  return problems.flatMap(([isOne, text]) =>
    isOne ? [`${task.kind} ${task.id} (${task.status}) ${text}`] : [],
  );
}

function isDoubled(task: TaskRow, events: EventRow[]): boolean {
  return (
    events.filter(isEnd).length > 1 ||
    (task.kind === 'analysis' && task.findings !== task.last_finding + 1)
  );
}

function doesFall(events: EventRow[]): boolean {
  const told = events.flatMap(({ progress }) => (progress === null ? [] : [progress]));
  return told.some((progress, index) => progress < (told[index - 1] ?? 0));
}

function byTask(rows: EventRow[]): Map<string, EventRow[]> {
  const found = new Map<string, EventRow[]>();
  for (const row of rows) {
    const events = found.get(row.task_id) ?? [];
    events.push(row);
    found.set(row.task_id, events);
  }
  return found;
}

function isEnd({ type }: EventRow): boolean {
  return type !== 'progress';
}

const TASKS = `
  SELECT t.id, t.kind, t.status, t.progress, t.last_seq,
         t.results IS NOT NULL AS has_results, t.error IS NOT NULL AS has_error,
         EXISTS (SELECT 1 FROM snapshots s WHERE s.task_id = t.id AND s.id::text = t.results ->> 'snapshot') AS has_source,
         (SELECT count(*)::int FROM analysis_findings f WHERE f.analysis_id = t.id) AS findings,
         (SELECT coalesce(max(position), -1) FROM analysis_findings f WHERE f.analysis_id = t.id) AS last_finding
  FROM tasks t`;

const EVENTS = `
  SELECT task_id, seq, type, body ->> 'status' AS status, (body ->> 'progress')::int AS progress
  FROM task_events ORDER BY task_id, seq`;

const LEFT_IN_DATABASE = `
  SELECT 'lease on ' || id AS what FROM tasks WHERE finished_at IS NOT NULL AND lease_until > now()
  UNION ALL
  SELECT 'advisory lock of ' || a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND a.datname = current_database()
  UNION ALL
  SELECT 'open transaction of ' || application_name FROM pg_stat_activity
  WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
