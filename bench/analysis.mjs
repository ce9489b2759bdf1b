/**
 * `npm run bench:analysis`: what analyses take on this machine: the first run of a tree, a second one of the same tree,
 * and one after a change of a single file.
 */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { collect } from './material.mjs';
import { startDatabase, startUnderTest } from './servers.mjs';

/* global fetch, performance */

/** Looking at all processes takes a core some 10 ms: more often, it would be part of what is measured. */
const LOOK_EVERY_MS = 250;

const CASES = [
  {
    name: '10,000 lines with types',
    lines: { TypeScript: 5_000, Python: 5_000 },
    analysis_types: ['quality', 'security', 'types'],
  },
  {
    name: '100,000 lines without types',
    lines: { TypeScript: 25_000, JavaScript: 40_000, Python: 35_000 },
    analysis_types: ['quality', 'security'],
  },
];

const folder = await mkdtemp(join(tmpdir(), 'goalsmith-bench-'));
const started = [];
try {
  started.push(await startDatabase(join(folder, 'database')));
  started.push(await startUnderTest(started[0].url, folder, { RATE_LIMIT_ANALYSIS: '0' }));
  await measureAll(started[1]);
} finally {
  for (let server = started.pop(); server; server = started.pop()) {
    await server.stop();
  }
  await rm(folder, { recursive: true, force: true });
}

async function measureAll({ url, pid }) {
  const headers = await signIn(url);
  // The engines check themselves once after the start; nobody waits for that.
  await analyse(url, headers, 'warm-up', CASES[0].analysis_types, {
    'a.py': 'import os\n',
    'a.ts': 'export const a = 1;\n',
  });
  for (const { name, lines, analysis_types } of CASES) {
    const { files, counts } = collect(lines);
    const said = Object.entries(counts).map(([language, n]) => `${language} ${n}`);
    console.log(`\n${name} (${said.join(', ')}; ${Object.keys(files).length} files)`);
    const project = name.replace(/\W+/g, '-');
    for (const [run, tree] of [
      ['first', files],
      ['unchanged', files],
      ['one file changed', changed(files)],
    ]) {
      const before = await treeMb(pid);
      const { seconds, peakMb, analysis } = await analyse(
        url,
        headers,
        project,
        analysis_types,
        tree,
        pid,
      );
      const engines = analysis.engines
        .filter(({ status }) => status !== 'skipped')
        .map((engine) => `${engine.name} ${(engine.duration_ms / 1000).toFixed(1)}`);
      console.log(
        `${run.padEnd(18)}${seconds.toFixed(2).padStart(7)} s  peak +${peakMb - before} MB  ` +
          `${analysis.findings_total} findings  ${engines.join(', ')}`,
      );
    }
  }
}

async function analyse(url, headers, project, analysis_types, files, pid) {
  const json = { ...headers, 'content-type': 'application/json' };
  const source = `${url}/api/projects/${project}/source`;
  await ok(fetch(source, { method: 'PUT', headers: json, body: JSON.stringify({ files }) }));
  const body = JSON.stringify({ project_name: project, analysis_types });
  const { analysis_id: id } = await ok(
    fetch(`${url}/api/analysis/`, { method: 'POST', headers: json, body }),
  );
  let peakMb = 0;
  let nextLook = 0;
  for (;;) {
    const analysis = await ok(fetch(`${url}/api/analysis/${id}`, { headers }));
    if (pid && performance.now() > nextLook) {
      peakMb = Math.max(peakMb, await treeMb(pid));
      nextLook = performance.now() + LOOK_EVERY_MS;
    }
    if (!['initializing', 'running'].includes(analysis.status)) {
      if (analysis.status !== 'completed') {
        throw new Error(`${analysis.status}: ${analysis.error}`);
      }
      const seconds = (Date.parse(analysis.finished_at) - Date.parse(analysis.started_at)) / 1000;
      return { seconds, peakMb, analysis };
    }
    await delay(50);
  }
}

function changed(files) {
  const [first] = Object.keys(files);
  return { ...files, [first]: `${files[first]}\n` };
}

async function signIn(url) {
  const body = JSON.stringify({ username: 'bench', password: 'correct horse' });
  const headers = { 'content-type': 'application/json' };
  await ok(fetch(`${url}/auth/register`, { method: 'POST', headers, body }));
  const { access_token } = await ok(fetch(`${url}/auth/login`, { method: 'POST', headers, body }));
  return { authorization: `Bearer ${access_token}` };
}

async function ok(answer) {
  const response = await answer;
  if (!response.ok) {
    throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

/** Of a process with all below it, in resident megabytes; Linux only, elsewhere 0. */
async function treeMb(pid) {
  const processes = await Promise.all(
    (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(describe),
  );
  const byParent = new Map();
  for (const found of processes.filter(Boolean)) {
    byParent.set(found.parent, [...(byParent.get(found.parent) ?? []), found]);
  }
  const sum = (id) =>
    (byParent.get(id) ?? []).reduce((total, child) => total + child.kb + sum(child.pid), 0);
  const own = processes.find((found) => found?.pid === pid);
  return Math.round(((own?.kb ?? 0) + sum(pid)) / 1024);
}

async function describe(name) {
  try {
    const status = await readFile(`/proc/${name}/status`, 'utf8');
    return {
      pid: Number(name),
      parent: Number(/^PPid:\s+(\d+)/m.exec(status)[1]),
      kb:
        Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0) +
        Number(/^RssShmem:\s+(\d+)/m.exec(status)?.[1] ?? 0),
    };
  } catch {
    return null;
  }
}
