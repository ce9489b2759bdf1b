import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describeWithRedis } from '../support/redis-server.js';
import type { SystemProcess } from '../support/system-process.js';
import { Batch, type AcceptedTask } from './fault-batch.js';
import { CASE_MS, inForm, SeededRandom } from './fault-form.js';
import { freeze, FaultSystem, thaw } from './fault-system.js';
import { tellOutcome } from './fault-table.js';
import { expectInvariants } from './invariants.js';
import { waitUntil } from './wait-until.js';

const CROWD = inForm(150, 1_000);
const DEAF = inForm(20, 50);
const RECONNECTS = 100;
/** More than the kernel holds for a connection: what it takes is no client's doing. */
const EVENTS = 1_500;
const EVENT_BYTES = 10_000;
/** The limit of a connection's buffer, twice, and what the collector leaves: 15 a connection would pile up without it. */
const MAX_GROWTH_MIB = 128 + 2 * 2 * DEAF;

describeWithRedis('clients, on Redis and PostgreSQL', () => {
  const system = FaultSystem.forSuite({
    settings: () => ({ WS_MAX_PER_USER: '3000', WS_MAX_PER_ADDRESS: '3000' }),
  });
  let batch: Batch;

  const one = async (tasks: Promise<AcceptedTask[]>): Promise<AcceptedTask> => {
    const [task] = await tasks;
    if (!task) {
      throw new Error('Not accepted');
    }
    return task;
  };

  // Where a case failed before it did.
  afterEach(() => thaw(system.worker));

  const begin = async (name: string) => {
    batch = new Batch(system, await system.accounts(2), name);
  };

  const tell = async (harm: string, times: number, since: number) => {
    const recoverySeconds = (performance.now() - since) / 1000;
    tellOutcome({ harm, times, ...(await expectInvariants(system, batch)), recoverySeconds });
  };

  /** Of the API. */
  const metric = async (name: string): Promise<number> => {
    const { text } = await system.request('GET', '/metrics');
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  const openSockets = () => metric('websocket_connections');

  it(
    'serves a crowd on one task: each client has every event, in order, and the end',
    async () => {
      await begin('crowd');
      freeze(system.worker);
      const task = await one(batch.builds(1));
      const crowd = Array.from({ length: CROWD }, () => batch.watch(task));
      await Promise.all(crowd.map((client) => client.connected()));
      thaw(system.worker);
      await batch.analyses(2);
      await batch.ended();
      const endedAt = performance.now();
      const ends = await Promise.all(crowd.map(({ closed }) => closed));
      const [first] = crowd;
      const expected = first?.seqs.map((_, index) => index + 1) ?? [];
      expect(new Set(ends.map(({ code }) => code))).toEqual(new Set([1000]));
      expect(crowd.filter(({ seqs }) => String(seqs) !== String(expected))).toEqual([]);
      await tell(`${CROWD} clients on one task`, 1, endedAt);
    },
    CASE_MS,
  );

  it(
    'lets go of clients that never read, in bounded memory, and harms no other',
    async () => {
      await begin('deaf');
      freeze(system.worker);
      const task = await one(batch.builds(1));
      const files = await metric('process_open_fds');
      const good = Array.from({ length: 5 }, () => faithful(task));
      const deaf = Array.from({ length: DEAF }, () => batch.watch(task));
      await Promise.all(deaf.map((client) => client.connected()));
      deaf.forEach(({ socket }) => socket.pause());
      const streams = await Promise.all(Array.from({ length: DEAF }, () => deafStream(task)));
      const before = await residentMib(system.front);

      await tellMuch(task);
      await waitUntil('the others to have read all', () =>
        good.every(({ seqs }) => seqs.length > EVENTS),
      );
      await waitUntil('the server to let go of those that do not read', async () => {
        return (await openSockets()) <= good.length;
      });
      // Streams are no more than connections; those to the database come and go, at most ten.
      await waitUntil('the server to let go of streams that nobody reads', async () => {
        return (await metric('process_open_fds')) <= files + good.length + 10;
      });
      expect((await residentMib(system.front, 'VmHWM')) - before).toBeLessThan(MAX_GROWTH_MIB);

      thaw(system.worker);
      await batch.analyses(2);
      await batch.ended();
      const endedAt = performance.now();
      for (const client of good) {
        expect(await client.end).toBe(1000);
        expect(client.seqs).toEqual(client.seqs.map((_, index) => index + 1));
      }
      streams.forEach((socket) => socket.resume());
      await Promise.all(streams.map((socket) => socket.closed || once(socket, 'close')));
      for (const client of deaf) {
        client.socket.resume();
        // The close frame stands behind what was not read: it comes to those who read in time.
        expect([4408, 1006]).toContain((await client.closed).code);
        const back = batch.watch(task, client.seqs.at(-1));
        expect((await back.closed).code).toBe(1000);
        const seqs = [...client.seqs, ...back.seqs];
        expect(seqs).toEqual(good[0]?.seqs);
      }
      await tell(`${2 * DEAF} clients that never read`, 1, endedAt);
    },
    CASE_MS,
  );

  it(
    `loses nothing for a client that comes back ${RECONNECTS} times`,
    async () => {
      await begin('restless');
      const random = new SeededRandom('restless');
      const task = await one(batch.builds(1));
      const before = await openSockets();
      const seen: number[] = [];
      for (let time = 1; time <= RECONNECTS; time += 1) {
        const client = batch.watch(task, seen.at(-1));
        await client.connected();
        if (random.between(0, 1) === 1) {
          client.socket.terminate();
        } else {
          client.socket.close();
        }
        await client.closed;
        seen.push(...client.seqs);
      }
      const endedAt = performance.now();
      const last = batch.watch(task, seen.at(-1));
      expect((await last.closed).code).toBe(1000);
      seen.push(...last.seqs);
      expect(seen).toEqual(seen.map((_, index) => index + 1));
      await waitUntil('the server to forget them', async () => (await openSockets()) <= before);
      await batch.ended();
      await tell('a client that reconnects', RECONNECTS, endedAt);
    },
    CASE_MS,
  );

  /** Reads, and comes back with `since` as documented where a burst was too much for it. */
  function faithful(task: AcceptedTask): { seqs: number[]; end: Promise<number> } {
    const seqs: number[] = [];
    const read = async (): Promise<number> => {
      for (;;) {
        const client = batch.watch(task, seqs.at(-1));
        client.socket.on('message', () => {
          const seq = client.messages.at(-1)?.seq;
          if (seq !== undefined) {
            seqs.push(seq);
          }
        });
        const { code } = await client.closed;
        if (code !== 4408 && code !== 1006) {
          return code;
        }
      }
    };
    return { seqs, end: read() };
  }

  /** Server-sent events that nobody reads. */
  async function deafStream({ id, account }: AcceptedTask): Promise<Socket> {
    const { hostname, port } = new URL(system.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `GET /api/build/${id}/events HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\n` +
        `Authorization: Bearer ${account.token}\r\n\r\n`,
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
    socket.pause();
    return socket;
  }

  /** As a task would that has much to say. */
  async function tellMuch({ id }: AcceptedTask): Promise<void> {
    await system.query(
      `WITH moved AS (UPDATE tasks SET last_seq = last_seq + $2::int WHERE id = $1 RETURNING *)
       INSERT INTO task_events (task_id, seq, type, body)
       SELECT id, last_seq - $2::int + n, 'progress', json_build_object(
         'status', status, 'progress', progress,
         'data', json_build_object('current_step', 'Talking', 'text', repeat('x', $3::int)))
       FROM moved, generate_series(1, $2::int) n`,
      [id, EVENTS, EVENT_BYTES],
    );
  }
});

/** `VmRSS`: now; `VmHWM`: the most it ever was. */
async function residentMib({ pid }: SystemProcess, what = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
}
