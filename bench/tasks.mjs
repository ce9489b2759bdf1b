/** Whole lives of tasks: accepted, claimed, worked on (next to nothing), ended, each with its events. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/* global fetch */

const TASKS = 300;
const SIDE_BY_SIDE = 20;
const LIMIT_MS = 60_000;

/** Builds of a goal that the offline engine refuses at once: what is left is the product's own work. */
export async function measureTasks(url, headers) {
  const startedAt = performance.now();
  for (let posted = 0; posted < TASKS; posted += SIDE_BY_SIDE) {
    await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, (_, index) => post(url, headers, posted + index)),
    );
  }
  const deadline = startedAt + LIMIT_MS;
  while ((await countFailed(url, headers)) < TASKS) {
    if (performance.now() > deadline) {
      throw new Error('The tasks took too long');
    }
    await delay(20);
  }
  return { tasks: TASKS, perSecond: TASKS / ((performance.now() - startedAt) / 1000) };
}

async function post(url, headers, index) {
  const answer = await fetch(`${url}/api/build/`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ project_name: `task-${index}`, goal: 'zzz' }),
  });
  if (answer.status !== 202) {
    throw new Error(`POST answered ${answer.status}`);
  }
  await answer.arrayBuffer();
}

async function countFailed(url, headers) {
  const answer = await fetch(`${url}/api/build/?status=failed&limit=1`, { headers });
  return (await answer.json()).total;
}
