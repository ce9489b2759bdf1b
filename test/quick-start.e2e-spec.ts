import { readdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StreamMessage, StreamWatcher } from './support/stream-watcher.js';
import { DOCUMENTED_BUILD, runPytest, unpack, type BuildResults } from './support/system-build.js';
import { BUILD_TIMEOUT_MS, describeSystem } from './support/system-suite.js';
import { TIMESTAMP, UUID } from './support/system-shapes.js';

interface FileList {
  total: number;
  files: { path: string; size: number; sha256: string }[];
}

describeSystem('quick start', {}, (system) => {
  let token: string;
  let username: string;
  let accepted: Record<string, unknown>;
  let taskId: string;
  let stream: StreamWatcher;
  let end: { code: number; reason: string };
  let results: BuildResults;
  let liveEvents: string;
  let reconnected: StreamMessage[];

  const get = (path: string, headers: Record<string, string> = {}) =>
    system.request('GET', path, { token, headers });
  const artifact = (path: string, headers: Record<string, string> = {}) =>
    get(`/api/build/${taskId}/${path}`, headers);

  beforeAll(async () => {
    ({ token, username } = await system.register());
    const body = DOCUMENTED_BUILD;
    const reply = await system.request('POST', '/api/build/', { token, body });
    expect(reply.status).toBe(202);
    accepted = reply.body;
    taskId = String(accepted['task_id']);
    stream = system.watch(token, taskId);
    const live = artifact('events', { Accept: 'text/event-stream' });
    const dropped = system.watch(token, taskId);
    await dropped.untilSeq(5);
    dropped.socket.terminate();
    await dropped.closed;
    const back = system.watch(token, taskId, `&since=${Math.max(...dropped.seqs)}`);
    await back.closed;
    reconnected = [...dropped.messages, ...back.messages.slice(1)];
    liveEvents = (await live).text;
    end = await stream.closed;
    results = stream.messages.at(-1)?.['results'] as BuildResults;
  }, BUILD_TIMEOUT_MS);

  it('accepts the build at once', () => {
    expect(accepted).toEqual({
      task_id: expect.stringMatching(UUID) as string,
      status: 'initializing',
      message: 'Build task created successfully',
    });
  });

  it('greets the stream as documented', () => {
    expect(stream.messages[0]).toEqual({
      type: 'connected',
      task_id: taskId,
      message: 'Connected to build updates',
      since: 0,
      timestamp: expect.stringMatching(TIMESTAMP) as string,
    });
  });

  it('reports progress as documented, never falling', () => {
    const progress = stream.messages.filter(({ type }) => type === 'progress');
    for (const message of progress) {
      expect(message).toEqual({
        type: 'progress',
        seq: expect.any(Number) as number,
        task_id: taskId,
        status: expect.stringMatching(/^(initializing|running)$/) as string,
        progress: expect.any(Number) as number,
        timestamp: expect.stringMatching(TIMESTAMP) as string,
        data: expect.objectContaining({ current_step: expect.any(String) as string }) as object,
      });
    }
    const percents = progress.map((message) => Number(message['progress']));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(progress.map(filesCreated)).toContain(results.generated_files.length);
  });

  it('ends the stream with a completion as documented, and closes it', () => {
    const { seq, progress, ...completion } = stream.messages.at(-1) as StreamMessage;
    expect(completion).toEqual({
      type: 'completion',
      task_id: taskId,
      status: 'completed',
      timestamp: expect.stringMatching(TIMESTAMP) as string,
      results: expect.any(Object) as object,
    });
    expect([seq, progress]).toEqual([stream.messages.length - 1, 100]);
    expect(end.code).toBe(1000);
  });

  it('numbers the stored events without gaps', () => {
    expect(stream.seqs).toEqual(stream.seqs.map((_, index) => index + 1));
  });

  it('passes its tests with the coverage that the document shows, or better', () => {
    expect(results.tests_passed).toBeGreaterThanOrEqual(12);
    expect(results.tests_failed).toBe(0);
    expect(results.test_coverage).toBeGreaterThanOrEqual(87.5);
    expect(results.test_coverage).toBeLessThanOrEqual(100);
  });

  it('has no type errors and no lint errors', () => {
    expect([results.type_errors, results.lint_errors]).toEqual([0, 0]);
  });

  it('names its engine, and no notes on a goal that it understood', () => {
    expect([results.engine, results.notes]).toEqual(['blueprints', []]);
  });

  it('tells of every check what ran, how it ended, how long it took and what it reported', () => {
    const names = ['types', 'lint', 'format', 'smoke', 'tests'];
    expect(results.checks.map((check) => check.name)).toEqual(names);
    for (const check of results.checks) {
      expect(check).toEqual({
        name: check.name,
        command: expect.stringMatching(/\S/) as string,
        passed: true,
        exit_status: 0,
        duration_ms: expect.any(Number) as number,
        report: expect.any(Object) as object,
      });
      expect(check.duration_ms).toBeGreaterThan(0);
    }
  });

  it('names the PostgreSQL that the checks ran on', () => {
    const onDatabase = results.checks.filter(({ command }) => /postgres/.test(command));
    expect(onDatabase.map(({ name }) => name)).toEqual(['smoke', 'tests']);
  });

  it('answers the status with every documented field', async () => {
    const { body } = await get(`/api/build/${taskId}`);
    expect(body).toMatchObject({
      task_id: taskId,
      project_name: 'my-project',
      status: 'completed',
      progress: 100,
      created_at: expect.stringMatching(TIMESTAMP) as string,
      created_by: username,
      goal: DOCUMENTED_BUILD.goal,
      results,
      error: null,
    });
  });

  it('lists the build in the history', async () => {
    const { body } = await get('/api/build/?limit=20&offset=0');
    expect(body).toMatchObject({ total: 1, limit: 20, offset: 0 });
    const status = await get(`/api/build/${taskId}`);
    expect(body['builds']).toEqual([status.body]);
  });

  it('finds the build by status and project, and nothing else', async () => {
    const found = async (query: string) => (await get(`/api/build/?${query}`)).body['total'];
    expect(await found('status=completed&project_name=my-project')).toBe(1);
    expect(await found('status=failed')).toBe(0);
    expect(await found('project_name=other')).toBe(0);
  });

  it('lists the generated files with size and digest of what is downloaded', async () => {
    const { body } = await system.request<FileList>('GET', `/api/build/${taskId}/files`, { token });
    expect(body.files.map(({ path }) => path)).toEqual(results.generated_files);
    expect(body.total).toBe(body.files.length);
    const main = body.files.find(({ path }) => path === 'app/main.py');
    const file = await artifact('files/app/main.py');
    expect(main).toEqual({
      path: 'app/main.py',
      size: file.bytes.length,
      sha256: createHash('sha256').update(file.bytes).digest('hex'),
    });
    expect(file.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('answers 404 for a file that the build has not', async () => {
    expect((await artifact('files/app/absent.py')).status).toBe(404);
  });

  it('shows everything as new in the diff of a first build', async () => {
    const { status, text } = await artifact('diff');
    expect(status).toBe(200);
    expect(text.match(/^new file mode/gm)).toHaveLength(results.generated_files.length);
    expect(text).toMatch(/^--- \/dev\/null\n\+\+\+ b\/app\/main\.py$/m);
  });

  it('keeps the raw output of each check', async () => {
    const { body } = await system.request<{ name: string; output: string }[]>(
      'GET',
      `/api/build/${taskId}/logs`,
      { token },
    );
    const checked = results.checks.map(({ name }) => name);
    expect(body.map(({ name }) => name).sort()).toEqual(checked.sort());
    const { output } = body.find(({ name }) => name === 'tests') ?? { output: '' };
    expect(output).toContain(`${results.tests_passed} passed`);
  });

  it('stores the events as they were streamed', async () => {
    const streamed = stream.messages.slice(1);
    expect((await artifact('events')).body).toEqual(streamed);
    expect((await artifact('events?since=3')).body).toEqual(streamed.slice(3));
  });

  it('streams the same events as server-sent events, while it runs and later', async () => {
    const later = await artifact('events?since=2', { Accept: 'text/event-stream' });
    expect(later.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(serverSentEvents(later.text)).toEqual(stream.messages.slice(3));
    expect(serverSentEvents(liveEvents)).toEqual(stream.messages.slice(1));
  });

  it('loses nothing for a client whose connection broke in the middle', () => {
    expect(reconnected.slice(1)).toEqual(stream.messages.slice(1));
  });

  it('replays to a late client exactly what it missed', async () => {
    const late = system.watch(token, taskId, '&since=4');
    expect((await late.closed).code).toBe(1000);
    expect(late.messages[0]).toMatchObject({ type: 'connected', since: 4 });
    expect(late.messages.slice(1)).toEqual(stream.messages.slice(5));
  });

  it.each(['zip', 'tar.gz'] as const)(
    'gives an archive as %s whose own tests pass outside with the same count',
    async (format) => {
      const { status, headers, bytes } = await artifact(`archive?format=${format}`);
      expect(status).toBe(200);
      expect(headers['content-disposition']).toContain(`my-project.${format}`);
      const folder = await unpack(bytes, format, join(system.folder, format));
      expect(await readdir(folder)).toEqual(['my-project']);
      const files = await readdir(join(folder, 'my-project'), { recursive: true });
      expect(files).toEqual(expect.arrayContaining(results.generated_files));
      // One run of the tests is proof enough: both archives hold the same files.
      if (format === 'zip') {
        expect(await runPytest(join(folder, 'my-project'))).toBe(results.tests_passed);
      }
    },
    60_000,
  );

  it('generates the same bytes for the same goal in another project, apart from the name', async () => {
    const other = await system.register();
    const body = { ...DOCUMENTED_BUILD, project_name: 'other-name' };
    const again = await system.build(other.token, body);
    await system.watch(other.token, again).until((message) => filesCreated(message) !== undefined);
    // What it would verify was verified above.
    await system.request('DELETE', `/api/build/${again}`, { token: other.token });
    for (const path of results.generated_files) {
      const [first, copy] = await Promise.all([
        artifact(`files/${path}`),
        system.request('GET', `/api/build/${again}/files/${path}`, { token: other.token }),
      ]);
      expect(copy.text.replaceAll('other-name', 'my-project')).toBe(first.text);
    }
  });
});

function filesCreated(message: StreamMessage): unknown {
  return (message['data'] as { files_created?: number } | undefined)?.files_created;
}

function serverSentEvents(text: string): unknown[] {
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(
    ([, json = '']) => JSON.parse(json) as { seq: number },
  );
  expect(data.map(({ seq }) => seq)).toEqual(ids);
  return data;
}
