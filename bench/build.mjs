/** The document's quick-start build in each framework, end to end, against what its checks take by themselves. */
import { on, once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { watch } from './watch.mjs';

/* global fetch */

const TOOLCHAIN_LIMIT_MS = 60_000;
/** Which toolchain each framework needs. */
const FRAMEWORKS = { fastapi: 'python', express: 'node', nestjs: 'node' };

/** @returns By framework the figures of a warm build, or `{ skipped }` with the reason where this machine can't build it. */
export async function measureBuilds(url, headers) {
  const figures = {};
  for (const [framework, toolchain] of Object.entries(FRAMEWORKS)) {
    const { status, reason } = await toolchainOf(url, toolchain);
    if (status === 'ready') {
      await runBuild(url, headers, framework);
      figures[framework] = await runBuild(url, headers, framework);
    } else {
      figures[framework] = { skipped: reason ?? `The ${toolchain} toolchain is not ready` };
    }
  }
  return figures;
}

/** @returns How long a cancel took to stop a build in the middle of its checks. */
export async function measureCancel(url, headers) {
  const id = await createBuild(url, headers, 'fastapi');
  const socket = await watch(url, headers, id);
  const ended = once(socket, 'close');
  for await (const [data] of on(socket, 'message')) {
    if (JSON.parse(data).data?.current_step === 'Running checks') {
      break;
    }
  }
  await fetch(`${url}/api/build/${id}`, { method: 'DELETE', headers });
  await ended;
  for (;;) {
    const build = await (await fetch(`${url}/api/build/${id}`, { headers })).json();
    if (build.stopped_in_ms !== null) {
      return { stoppedInMs: build.stopped_in_ms };
    }
    await delay(10);
  }
}

let builds = 0;

/** In a project of its own. */
async function createBuild(url, headers, framework) {
  const answer = await fetch(`${url}/api/build/`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      project_name: `quick-start-${framework}-${(builds += 1)}`,
      goal: 'Add authentication module with JWT support',
      parameters: { framework, database: 'postgresql', include_tests: true },
    }),
  });
  return (await answer.json()).task_id;
}

async function runBuild(url, headers, framework) {
  const startedAt = performance.now();
  const id = await createBuild(url, headers, framework);
  const socket = await watch(url, headers, id);
  let last;
  socket.on('message', (data) => (last = JSON.parse(data)));
  await once(socket, 'close');
  const totalMs = performance.now() - startedAt;
  if (last?.type !== 'completion') {
    throw new Error(`The build ended with ${JSON.stringify(last)}`);
  }
  const durations = last.results.checks.map((check) => check.duration_ms);
  // The checks run side by side: the longest is how long the product had to wait for them.
  const checksMs = Math.max(...durations);
  return { totalMs, checksMs, testsPassed: last.results.tests_passed };
}

async function toolchainOf(url, name) {
  const deadline = performance.now() + TOOLCHAIN_LIMIT_MS;
  for (;;) {
    const { toolchains } = await (await fetch(`${url}/api/health/status`)).json();
    if (toolchains[name].status !== 'preparing' || performance.now() > deadline) {
      return toolchains[name];
    }
    await delay(250);
  }
}
