import { randomUUID } from 'node:crypto';
import { startModelServer, type ModelServer } from './support/model-server.js';
import { callsTools, PLAN, SMALL, THE_FEATURE, WORDS_TEST } from './support/model-scripts.js';
import { TOKENS, type ModelAnswer } from './support/scripted-model.js';

/** Toolchain, where it has to be made, included. */
const LONG_MS = 180_000;
const PLANNED = callsTools(['submit_plan', PLAN]);
const goesOn = (): ModelAnswer => callsTools(['search', { text: `something ${Math.random()}` }]);

describe('POST /api/build/{task_id}/retry, with a language model', () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer({ LLM_MAX_ATTEMPTS: '1' });
  }, LONG_MS);

  afterAll(() => server.close());

  async function usage() {
    const answer = await server.request('GET', '/auth/me/usage');
    return ((await answer.json()) as Record<'all_time', Record<string, number>>).all_time as {
      builds: number;
      calls: number;
      input_tokens: number;
    };
  }

  let builds = 0;
  const submit = (parameters: object = {}) =>
    server.submit(`retried-${(builds += 1)}`, 'Count words', { ...SMALL, ...parameters });

  async function retry(id: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await server.request('POST', `/api/build/${id}/retry`, body, headers);
    const { task_id, ...rest } = (await answer.json()) as { task_id: string; detail?: string };
    return { status: answer.status, id: task_id, detail: rest.detail };
  }

  it(
    'goes on with the files and the plan of a build that reached a limit, with another limit',
    async () => {
      server.model.play(PLANNED, callsTools(...THE_FEATURE), goesOn);
      const stopped = await submit({ max_calls: 3 });
      expect(await server.ended(stopped)).toMatchObject({
        status: 'failed',
        results: { stop_reason: 'max_calls', usage: { calls: 3 } },
      });
      server.model.play({ say: 'All is there.' });

      const key = { 'idempotency-key': randomUUID() };
      const body = { parameters: { max_calls: 20 } };
      const again = await retry(stopped, body, key);

      expect(again).toMatchObject({ status: 202 });
      const build = await server.ended(again.id);
      expect(build).toMatchObject({
        status: 'completed',
        error: null,
        retry_of: stopped,
        parameters: { ...SMALL, max_calls: 20 },
        results: { tests_failed: 0, tasks: PLAN.tasks, stop_reason: null, usage: { calls: 1 } },
      });
      // Neither planned nor scaffolded again: the first thing the model sees is its own work.
      const begun = server.model.requests[0]?.body.messages;
      expect(begun?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
      expect(begun?.at(-1)?.content).toContain('app/words.py');
      const steps = (await server.events(again.id)).map(({ data }) => data?.current_step);
      expect(steps).not.toContain('Planning');
      expect(steps).not.toContain('Generating code');

      expect(await retry(stopped, body, key)).toEqual(again);
      expect(await retry(stopped)).toMatchObject({
        status: 409,
        detail: "Build cannot be retried: the project's source has changed since. Submit a new one",
      });
      expect(await retry(again.id)).toMatchObject({ status: 409 });
    },
    LONG_MS,
  );

  it(
    'repairs what had failed, from the same reports',
    async () => {
      const wrong = WORDS_TEST.replace('== 3', '== 4');
      server.model.play(
        PLANNED,
        callsTools(...THE_FEATURE.slice(0, 3), [
          'write_file',
          { path: 'tests/test_words.py', content: wrong },
        ]),
        { say: 'All tests pass.' },
      );
      const failed = await submit({ max_attempts: 0 });
      expect((await server.ended(failed)).results.stop_reason).toBe('max_attempts');
      server.model.play(
        callsTools([
          'edit_file',
          { path: 'tests/test_words.py', old_text: '== 4', new_text: '== 3' },
        ]),
        { say: 'Mended.' },
      );

      const { id } = await retry(failed, { parameters: { max_attempts: 1 } });

      expect(await server.ended(id)).toMatchObject({
        status: 'completed',
        results: { tests_failed: 0, repairs: 1, stop_reason: null },
      });
      const begun = server.model.requests[0]?.body.messages;
      expect(begun?.at(-1)?.content).toMatch(/tests: FAILED[^]*test_counts_words[^]*assert/);
    },
    LONG_MS,
  );

  it('goes on with a build that was cancelled, whose use is counted, too', async () => {
    const before = await usage();
    const note = 'app/note.py';
    let stored = (): void => undefined;
    const isStored = new Promise<void>((resolve) => (stored = resolve));
    server.model.play(
      PLANNED,
      callsTools(['write_file', { path: note, content: 'NOTE = 1\n' }]),
      ...Array.from({ length: 4 }, () => goesOn),
      () => {
        stored();
        return { hang: true };
      },
    );
    const cancelled = await submit();
    await isStored;
    await server.request('DELETE', `/api/build/${cancelled}`);
    expect(await server.ended(cancelled)).toMatchObject({ status: 'cancelled', results: null });
    server.model.play(goesOn);

    const { id } = await retry(cancelled, { parameters: { max_calls: 1 } });

    expect((await server.ended(id)).results).toMatchObject({
      stop_reason: 'max_calls',
      usage: { calls: 1 },
      tasks: PLAN.tasks,
    });
    expect(await server.file(id, note)).toBe('NOTE = 1\n');
    // The cancelled one: a plan and five answers.
    const after = await usage();
    expect([after.builds - before.builds, after.calls - before.calls]).toEqual([2, 7]);
    expect(after.input_tokens - before.input_tokens).toBe(7 * TOKENS.input);
  });

  it('begins anew where nothing was planned yet', async () => {
    server.model.play({ status: 401 });
    const refused = await submit();
    expect((await server.ended(refused)).results.stop_reason).toBe('provider_refused');
    server.model.play(PLANNED, goesOn);

    const { id } = await retry(refused, { parameters: { max_calls: 2 } });

    expect((await server.ended(id)).results).toMatchObject({
      stop_reason: 'max_calls',
      tasks: PLAN.tasks,
    });
  });

  it(
    'is verified without the model',
    async () => {
      server.model.play(PLANNED, callsTools(...THE_FEATURE), goesOn);
      const stopped = await submit({ max_calls: 2, include_tests: false });
      const { results } = await server.ended(stopped);
      expect(results).toMatchObject({ stop_reason: 'max_calls', checks: [] });

      const answer = await server.request('POST', `/api/build/${stopped}/verify`);
      const { task_id } = (await answer.json()) as { task_id: string };
      const verified = await server.ended(task_id);

      // The model was stopped before its work was laid out.
      expect(verified).toMatchObject({
        status: 'failed',
        error: 'The generated code did not pass its checks: lint, format',
        verify_of: stopped,
        results: { engine: 'verify', snapshot: results.snapshot, usage: null, type_errors: 0 },
      });
      expect(server.model.requests).toHaveLength(2);
      const analysis = await server.request('POST', '/api/analysis/', {
        project_name: verified.project_name,
        build_id: task_id,
        analysis_types: ['quality'],
      });
      expect([analysis.status, await analysis.json()]).toMatchObject([
        202,
        { snapshot: results.snapshot },
      ]);
      const project = await server.request('GET', `/api/projects/${verified.project_name}`);
      expect(await project.json()).toMatchObject({ head: null });
      expect((await retry(task_id)).status).toBe(202);
    },
    LONG_MS,
  );

  it('takes limits only', async () => {
    const answer = await retry(randomUUID(), { parameters: { goal: 'another' } });
    expect(answer).toMatchObject({ status: 422 });
    expect(await retry(randomUUID())).toMatchObject({ status: 404, detail: 'Build not found' });
  });

  it('waits for the end of the build', async () => {
    server.model.play({ hang: true });
    const running = await submit();
    await server.until(running, /Planning/);

    expect(await retry(running)).toMatchObject({
      status: 409,
      detail: 'Build cannot be retried: it is still running',
    });
    await server.request('DELETE', `/api/build/${running}`);
  });
});
