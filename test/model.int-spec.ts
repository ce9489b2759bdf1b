import { startModelServer, type ModelServer } from './support/model-server.js';
import { callsTools, PLAN, SMALL, THE_FEATURE, WORDS_TEST } from './support/model-scripts.js';
import { TOKENS } from './support/scripted-model.js';

/** Toolchain, where it has to be made, included. */
const LONG_MS = 120_000;

describe('a build with a language model', () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer({ LLM_PRICE_INPUT: '2', LLM_PRICE_OUTPUT: '10' });
  }, LONG_MS);

  afterAll(() => server.close());

  it(
    'adds a feature with its test on top of the scaffold',
    async () => {
      server.model.play(
        callsTools(['submit_plan', { ...PLAN, features: ['auth'] }]),
        callsTools(['read_file', { path: 'app/main.py' }]),
        callsTools(...THE_FEATURE),
        callsTools(['run_checks', { checks: ['types'] }]),
        { say: 'Done.' },
      );

      const id = await server.submit('words', 'Authentication with JWT, and a count of words', {
        database: 'none',
      });
      const build = await server.ended(id);

      expect(build.error).toBeNull();
      expect(build).toMatchObject({
        status: 'completed',
        progress: 100,
        results: {
          engine: 'openai:scripted',
          tests_failed: 0,
          type_errors: 0,
          lint_errors: 0,
          tasks: PLAN.tasks,
          stop_reason: null,
          repairs: 0,
          usage: {
            calls: 5,
            input_tokens: 5 * TOKENS.input,
            output_tokens: 5 * TOKENS.output,
            cached_tokens: 5 * TOKENS.cached,
            cost_usd: 0.015,
            estimated: false,
          },
        },
      });
      expect(build.results.tests_passed).toBeGreaterThan(12);
      expect(build.results.generated_files).toEqual(
        expect.arrayContaining(['app/auth/router.py', 'app/words.py', 'tests/test_words.py']),
      );
      const asRead = server.model.requests[2]?.body.messages.at(-1);
      expect(asRead).toMatchObject({
        role: 'tool',
        content: expect.stringContaining('create_app'),
      });
      const checked = server.model.requests[4]?.body.messages.at(-1);
      expect(checked).toMatchObject({ role: 'tool', content: 'types: passed' });
      // Written as one line: what the model leaves is laid out for it.
      expect(await server.file(id, 'tests/test_words.py')).toContain('    assert response.json()');

      const told = (await server.events(id)).filter((event) => event.data?.tool_calls);
      expect(told.flatMap((event) => event.data?.tool_calls)).toEqual([
        { tool: 'read_file', file: 'app/main.py', outcome: 'done' },
        { tool: 'write_file', file: 'app/words.py', outcome: 'done' },
        { tool: 'edit_file', file: 'app/main.py', outcome: 'done' },
        { tool: 'edit_file', file: 'app/main.py', outcome: 'done' },
        { tool: 'write_file', file: 'tests/test_words.py', outcome: 'done' },
        { tool: 'run_checks', file: null, outcome: 'done' },
      ]);
      const times = told.map((event) => Date.parse(event.timestamp));
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      // The last event of a step doesn't wait: nothing comes after it.
      expect(gaps.slice(0, -1).filter((gap) => gap < 400)).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'repairs what the checks found, from their own reports',
    async () => {
      const wrong = WORDS_TEST.replace('== 3', '== 4');
      server.model.play(
        callsTools(['submit_plan', PLAN]),
        callsTools(...THE_FEATURE.slice(0, 3), [
          'write_file',
          { path: 'tests/test_words.py', content: wrong },
        ]),
        { say: 'All tests pass.' },
        callsTools([
          'edit_file',
          { path: 'tests/test_words.py', old_text: '== 4', new_text: '== 3' },
        ]),
        { say: 'Mended.' },
      );

      const build = await server.ended(await server.submit('repaired', 'Count words', SMALL));

      expect(build).toMatchObject({
        status: 'completed',
        results: { tests_failed: 0, stop_reason: null, repairs: 1 },
      });
      const repair = server.model.requests[3]?.body.messages.slice(1);
      expect(repair?.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
      expect(repair?.at(-1)?.content).toMatch(/tests: FAILED[^]*test_counts_words[^]*assert/);
      expect(repair?.at(0)?.content).not.toContain('test_counts_words');
    },
    LONG_MS,
  );

  it(
    'fails where the model only claims success, and keeps what there is',
    async () => {
      server.model.play(
        callsTools(['submit_plan', PLAN]),
        callsTools([
          'write_file',
          { path: 'app/words.py', content: '"""Words."""\n\nCOUNT: int = "three"\n' },
        ]),
        { say: 'Everything is verified and passes.' },
      );

      const id = await server.submit('claimed', 'Count words', { ...SMALL, max_attempts: 1 });
      const build = await server.ended(id);

      expect(build).toMatchObject({
        status: 'failed',
        error: 'The generated code did not pass its checks: types',
        results: { type_errors: 1, tests_failed: 0, stop_reason: 'max_attempts', repairs: 1 },
      });
      expect(server.model.requests).toHaveLength(4);
      expect(await server.file(id, 'app/words.py')).toContain('COUNT');
    },
    LONG_MS,
  );

  it(
    "changes a project's own source",
    async () => {
      const scaffold = await server.ended(
        (server.model.play(callsTools(['submit_plan', { ...PLAN, tasks: [] }])),
        await server.submit('own', 'Health probes', SMALL)),
      );
      expect(scaffold).toMatchObject({ status: 'completed', results: { usage: { calls: 1 } } });
      server.model.play(
        callsTools(['submit_plan', PLAN]),
        callsTools(...THE_FEATURE),
        callsTools(['search', { text: 'words_router' }], ['delete_file', { path: 'README.md' }]),
        { say: 'Done.' },
      );

      const id = await server.submit('own', 'Count words', SMALL);
      const build = await server.ended(id);

      expect(build).toMatchObject({ status: 'completed' });
      expect(server.model.requests[0]?.body.messages.at(-1)).toMatchObject({
        role: 'tool',
        content: expect.stringContaining('app/main.py'),
      });
      expect(server.model.requests[3]?.body.messages.at(-2)?.content).toMatch(
        /^app\/main\.py:\d+: from app\.words import/,
      );
      const diff = await (await server.request('GET', `/api/build/${id}/diff`)).text();
      expect(diff).toContain('+++ b/app/words.py');
      expect(diff).toContain('--- a/README.md');
    },
    LONG_MS,
  );
});
