import { startModelServer, type ModelServer } from './support/model-server.js';
import { callsTools, PLAN, SMALL, THE_FEATURE } from './support/model-scripts.js';
import { TOKENS } from './support/scripted-model.js';

/** Toolchain, where it has to be made, included. */
const LONG_MS = 180_000;

describe('a language model whose answers come piece by piece', () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer({ LLM_STREAMING: 'on' });
  }, LONG_MS);

  afterAll(() => server.close());

  it(
    'builds as one that answers at once, with the same account',
    async () => {
      server.model.play(
        callsTools(['submit_plan', PLAN]),
        callsTools(...THE_FEATURE.slice(0, 2)),
        callsTools(...THE_FEATURE.slice(2)),
        { say: 'Done, with a test: "é", 日本.' },
      );

      const build = await server.ended(await server.submit('streamed', 'Count words', SMALL));

      expect(build).toMatchObject({
        status: 'completed',
        error: null,
        results: {
          tests_failed: 0,
          usage: {
            calls: 4,
            input_tokens: 4 * TOKENS.input,
            output_tokens: 4 * TOKENS.output,
            cached_tokens: 4 * TOKENS.cached,
            estimated: false,
          },
        },
      });
      const streamed = server.model.requests.map(({ body }) => body['stream']);
      expect(streamed).toEqual([true, true, true, true]);
    },
    LONG_MS,
  );

  it('asks again for an answer that breaks off, and takes none of its pieces', async () => {
    const call = callsTools(['write_file', { path: 'app/note.py', content: 'NOTE = 1\n' }]);
    server.model.play(
      callsTools(['submit_plan', PLAN]),
      { halfOf: callsTools(['write_file', { path: 'app/half.py', content: 'HALF = 1\n' }]) },
      { status: 429, headers: { 'retry-after': '1' } },
      call,
      callsTools(['write_file', '{"path": "app/broken.py", "cont']),
      () => callsTools(['search', { text: `something ${Math.random()}` }]),
    );

    const id = await server.submit('broken-off', 'Count words', { ...SMALL, max_calls: 4 });
    const { results } = await server.ended(id);

    expect(results).toMatchObject({ stop_reason: 'max_calls', usage: { calls: 4 } });
    expect(await server.file(id, 'app/note.py')).toBe('NOTE = 1\n');
    expect(results.generated_files).not.toContain('app/half.py');
    const [, half, refused, again, , told] = server.model.requests;
    expect([refused?.body.messages, again?.body.messages]).toEqual([
      half?.body.messages,
      half?.body.messages,
    ]);
    expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(told?.body.messages.at(-1)?.content).toMatch(/^The arguments are no JSON object/);
  });

  it('is left at once when its build is cancelled in the middle of an answer', async () => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    server.model.play(callsTools(['submit_plan', PLAN]), () => {
      asked();
      return { hang: true };
    });
    const id = await server.submit('left', 'Count words', SMALL);
    await isAsked;

    expect((await server.request('DELETE', `/api/build/${id}`)).status).toBe(200);
    expect((await server.ended(id)).status).toBe('cancelled');
  });
});
