/**
 * Starts a service as its users would, asks it a few questions and stops it.
 *
 * usage: sealed.sh NODE smoke.mjs PORT PATH... [-- SETUP...]... -- COMMAND...
 *
 * Each SETUP runs to its end first, such as the compiler and the migrations of a database.
 *
 * Passes when every path answers 200 within the time, and the service ends on SIGTERM: with status 0, or by the
 * signal itself, as servers do that clean up first and then pass it on.
 */
import './sealed.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const REPORT_FD = 4;
const START_MS = 30_000;
const STOP_MS = 10_000;

const [[port, ...paths], ...rest] = splitAtDashes(process.argv.slice(2));
const [program, ...args] = rest.pop();

let isSetUp = true;
for (const [setup, ...setupArgs] of rest) {
  isSetUp &&= (await run(setup, setupArgs)) === 0;
}
const report = isSetUp ? await tryService() : failure(null);
writeSync(REPORT_FD, JSON.stringify(report));
closeSync(REPORT_FD);
process.exit(report.passed ? 0 : 1);

async function tryService() {
  const started = performance.now();
  const service = spawn(program, args, { stdio: 'inherit', env: { ...process.env, PORT: port } });
  const ended = once(service, 'exit');
  service.on('error', () => undefined);
  if (!(await answersInTime(service))) {
    return failure(await stop(service, ended));
  }
  const readyMs = Math.round(performance.now() - started);
  const answers = {};
  for (const path of paths) {
    answers[path] = await ask(path);
  }
  const exitStatus = await stop(service, ended);
  const isClean = [0, -15, 143].includes(exitStatus);
  const passed = isClean && Object.values(answers).every((status) => status === 200);
  return { passed, ready_ms: readyMs, answers, exit_status: exitStatus };
}

function failure(exitStatus) {
  return { passed: false, ready_ms: null, answers: {}, exit_status: exitStatus };
}

async function answersInTime(service) {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline && service.exitCode === null && service.signalCode === null) {
    if ((await ask(paths[0])) !== null) {
      return true;
    }
    await delay(25);
  }
  return false;
}

/** Status of the answer, or null where nobody answers. */
async function ask(path) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal: AbortSignal.timeout(5_000),
      headers: { Connection: 'close' },
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

/** The exit status, a signal as its negative number; null where it had to be killed. */
async function stop(service, ended) {
  service.kill('SIGTERM');
  const isOver = await Promise.race([ended.then(() => true, () => true), delay(STOP_MS, false)]);
  if (!isOver) {
    service.kill('SIGKILL');
    await ended;
    return null;
  }
  return service.signalCode === 'SIGTERM' ? -15 : service.exitCode;
}

async function run(command, commandArgs) {
  const child = spawn(command, commandArgs, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code;
}

function splitAtDashes(values) {
  const groups = [[]];
  for (const value of values) {
    if (value === '--') {
      groups.push([]);
    } else {
      groups.at(-1).push(value);
    }
  }
  return groups;
}
