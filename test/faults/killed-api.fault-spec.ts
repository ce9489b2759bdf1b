import { Redis } from 'ioredis';
import { describeWithRedis } from '../support/redis-server.js';
import { Batch, type TaskBody } from './fault-batch.js';
import { CASE_MS, inForm, SeededRandom } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { waitUntil } from './wait-until.js';

interface Request {
  body: TaskBody;
  key: string;
}

describeWithRedis('kill -9 of the API, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({});
  let redis: Redis;

  beforeAll(() => {
    redis = new Redis(system.redisUrl);
    system.around.push(() => redis.quit());
  });

  const requestsOf = (batch: Batch, count: number): Request[] =>
    Array.from({ length: count }, () => {
      const body = batch.analysisBody();
      return { body, key: `key-of-${body.project_name}` };
    });
  const post = (batch: Batch, { body, key }: Request) =>
    batch.tryPost('analysis', body, { 'Idempotency-Key': key });
  const storedTasks = (requests: Request[]) =>
    system.query<{ id: string; project_name: string }>(
      'SELECT id, project_name FROM tasks WHERE project_name = ANY($1)',
      [requests.map(({ body }) => body.project_name)],
    );

  /** What clients do that got no answer, or want to be sure. @returns those that got another task than before */
  async function repeat(batch: Batch, requests: Request[]): Promise<Request[]> {
    const before = await storedTasks(requests);
    const others: Request[] = [];
    for (const request of requests) {
      const task = await post(batch, request);
      const known = before.find(({ project_name }) => project_name === request.body.project_name);
      if (!task || (known && known.id !== task.id)) {
        others.push(request);
      }
    }
    return others;
  }

  it(
    'between the commit and the enqueue loses nothing, and a retry gets the same task',
    async () => {
      const batch = new Batch(system, await system.accounts(1), 'unqueued');
      const requests = requestsOf(batch, inForm(5, 50));
      // The rows are committed, and no job reaches the queue.
      await redis.call('CLIENT', 'PAUSE', '60000', 'WRITE');
      const answers = requests.map((request) => post(batch, request));
      await waitUntil('all to be stored', async () => {
        return (await storedTasks(requests)).length === requests.length;
      });
      await system.front.signal('SIGKILL');
      const killedAt = performance.now();
      await redis.call('CLIENT', 'UNPAUSE');
      const answered = (await Promise.all(answers)).filter((answer) => answer !== null);
      await system.run('api');
      expect(await repeat(batch, requests)).toEqual([]);
      await batch.ended();
      const recoverySeconds = (performance.now() - killedAt) / 1000;
      // Where an answer was faster than the kill, the case was another one.
      expect(answered.length).toBeLessThan(requests.length);
      expect(await storedTasks(requests)).toHaveLength(requests.length);
      const tally = await expectInvariants(system, batch);
      const harm = 'kill -9 of the API between commit and enqueue';
      tellOutcome({ harm, times: 1, ...tally, recoverySeconds });
    },
    CASE_MS,
  );

  it(
    'at a random moment around the 202 loses nothing, and a retry gets the same task',
    async () => {
      const random = new SeededRandom('around the 202');
      const batch = new Batch(system, await system.accounts(1), 'answered');
      const times = inForm(1, 10);
      let recoverySeconds = 0;
      for (let time = 1; time <= times; time += 1) {
        const requests = requestsOf(batch, inForm(6, 20));
        const enough = random.between(1, requests.length - 1);
        let answers = 0;
        const posted = requests.map(async (request) => {
          const task = await post(batch, request);
          answers += task ? 1 : 0;
        });
        await waitUntil(`${enough} answers`, () => answers >= enough);
        await system.front.signal('SIGKILL');
        const killedAt = performance.now();
        await Promise.all(posted);
        await system.run('api');
        expect(await repeat(batch, requests)).toEqual([]);
        await batch.ended();
        recoverySeconds = Math.max(recoverySeconds, (performance.now() - killedAt) / 1000);
        expect(await storedTasks(requests)).toHaveLength(requests.length);
      }
      const tally = await expectInvariants(system, batch);
      tellOutcome({ harm: 'kill -9 of the API around the 202', times, ...tally, recoverySeconds });
    },
    CASE_MS,
  );
});
