import { startModelServer, type ModelServer } from './support/model-server.js';
import { callsTools, PLAN, SMALL } from './support/model-scripts.js';
import type { ModelAnswer } from './support/scripted-model.js';

const LONG_MS = 120_000;
const PLANNED = callsTools(['submit_plan', PLAN]);
const NOTE = 'app/note.py';
const WRITES = callsTools(['write_file', { path: NOTE, content: 'NOTE = 1\n' }]);
const goesOn = (): ModelAnswer => callsTools(['search', { text: `something ${Math.random()}` }]);
const busy = (seconds: number): ModelAnswer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
});

/** None of these builds comes to its checks: they are about waiting. */
describe('a build whose model provider is busy for long', () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer({ WORKER_CONCURRENCY: '1' });
  });

  afterAll(() => server.close());

  async function steps(id: string): Promise<string[]> {
    return (await server.events(id)).map(({ data }) => data?.current_step ?? '');
  }

  /** Milliseconds between two requests. */
  function gap(from: number, to: number): number {
    const { requests } = server.model;
    return (requests[to]?.at ?? 0) - (requests[from]?.at ?? 0);
  }

  it(
    'leaves the only worker to others meanwhile, and goes on in the same conversation',
    async () => {
      server.model.play(PLANNED, WRITES, busy(6), PLANNED, goesOn, goesOn);

      const parked = await server.submit('parked', 'Count words', { ...SMALL, max_calls: 3 });
      const other = await server.submit('other', 'Count words', { ...SMALL, max_calls: 2 });
      const { results } = await server.ended(other);

      expect(results).toMatchObject({ stop_reason: 'max_calls', usage: { calls: 2 } });
      expect(server.model.requests).toHaveLength(5);
      const waiting = (await server.request('GET', `/api/build/${parked}`)).json();
      expect(await waiting).toMatchObject({ status: 'running' });
      const build = await server.ended(parked);
      expect(build).toMatchObject({
        status: 'failed',
        results: { stop_reason: 'max_calls', usage: { calls: 3 }, tasks: PLAN.tasks },
      });
      expect(await server.file(parked, NOTE)).toBe('NOTE = 1\n');
      expect(gap(2, 5)).toBeGreaterThanOrEqual(5_990);
      const [, , refused, , , again] = server.model.requests;
      expect(again?.body).toEqual(refused?.body);
      const told = await server.events(parked);
      const wait = told.find(({ data }) => data?.parked_until);
      expect(wait?.data?.current_step).toBe('The model provider is busy (429): going on in 6 s');
      const waitMs = Date.parse(wait?.data?.parked_until ?? '') - Date.parse(wait?.timestamp ?? '');
      expect(Math.round(waitMs / 1000)).toBe(6);
    },
    LONG_MS,
  );

  it(
    'loses nothing where its worker ends meanwhile',
    async () => {
      server.model.play(busy(6), PLANNED, WRITES, busy(7), goesOn);
      const id = await server.submit('restarted', 'Count words', { ...SMALL, max_calls: 3 });
      await server.until(id, /going on in 7 s/);

      await server.restart();

      const { results } = await server.ended(id);
      expect(results).toMatchObject({ stop_reason: 'max_calls', usage: { calls: 3 } });
      expect(await server.file(id, NOTE)).toBe('NOTE = 1\n');
      expect([gap(0, 1) >= 5_990, gap(3, 4) >= 6_990]).toEqual([true, true]);
      const [, , , refused, again] = server.model.requests;
      expect(again?.body).toEqual(refused?.body);
      expect((await steps(id)).filter((step) => step === 'Resuming')).toHaveLength(2);
    },
    LONG_MS,
  );

  it(
    'gives up where all waits together get too long',
    async () => {
      server.model.play(PLANNED, busy(6), busy(295));

      const { error, results } = await server.ended(
        await server.submit('given-up', 'Count words', SMALL),
      );

      expect(error).toBe('The model provider is busy (429), too long to go on');
      expect(results).toMatchObject({ stop_reason: 'provider_unavailable', usage: { calls: 1 } });
      expect(server.model.requests).toHaveLength(3);
    },
    LONG_MS,
  );
});
