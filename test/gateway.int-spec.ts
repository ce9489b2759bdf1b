import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { User } from '../src/auth/users/user.entity.js';
import { OpenSockets } from '../src/gateway/open-sockets.js';
import { TaskStreams } from '../src/gateway/task-streams.js';
import { GatewayApp } from './support/gateway-app.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';

const COME_AGAIN = 150;

describe('WebSocket streams of tasks', () => {
  let database: TestDatabase;
  let app: GatewayApp;
  let alice: User;
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await GatewayApp.start(database.url, { timings: { reconcileMs: COME_AGAIN } });
    alice = await app.user();
    token = await app.token(alice);
  });

  afterEach(() => app.dropWatchers());

  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  it('counts open sockets in the metrics', async () => {
    const watcher = app.watch(await app.task(alice), token);
    await watcher.until((message) => message.type === 'connected');
    expect(await app.metrics()).toMatch(/^websocket_connections 1$/m);
  });

  describe('admission', () => {
    it.each([
      ['no token', '', 4401, 'Token missing'],
      ['a bad token', '?token=nonsense', 4401, 'Token invalid or expired'],
    ])('refuses %s', async (_, query, code, reason) => {
      const id = await app.task(alice);
      const watcher = app.open(`/api/ws/build/${id}${query}`);
      expect(await watcher.closed).toEqual({ code, reason });
      expect(watcher.messages).toEqual([]);
    });

    it('refuses an expired token', async () => {
      const id = await app.task(alice);
      const expired = await app.tokenFor(alice, -1);
      expect((await app.watch(id, expired).closed).code).toBe(4401);
    });

    it.each([
      ['an unknown task', () => randomUUID(), 4404, 'No such build'],
      ['an id that is no UUID', () => 'not-a-uuid', 4404, 'No such build'],
    ])('refuses %s', async (_, id, code, reason) => {
      expect(await app.watch(id(), token).closed).toEqual({ code, reason });
    });

    it('refuses a task of the other kind', async () => {
      const build = await app.task(alice);
      const watcher = app.open(`/api/ws/analysis/${build}?token=${token}`);
      expect(await watcher.closed).toEqual({ code: 4404, reason: 'No such analysis' });
    });

    it("refuses somebody else's task", async () => {
      const id = await app.task(await app.user());
      expect(await app.watch(id, token).closed).toEqual({
        code: 4403,
        reason: 'Not authorized to view this build',
      });
    });

    it('refuses an owner without the permission to read', async () => {
      const writer = await app.user('user', ['build:create', 'analysis:read']);
      const id = await app.task(writer);
      expect((await app.watch(id, await app.token(writer)).closed).code).toBe(4403);
    });

    it.each(['admin', 'viewer'] as const)('lets the role %s watch every task', async (role) => {
      const id = await app.task(alice);
      const watcher = app.watch(id, await app.token(await app.user(role)));
      expect((await watcher.connected()).task_id).toBe(id);
    });

    it.each(['-1', '1.5', 'x', '', '1e3'])('refuses since=%s', async (since) => {
      const id = await app.task(alice);
      expect(await app.watch(id, token, since).closed).toEqual({
        code: 4400,
        reason: 'since must be a whole number, 0 or more',
      });
    });

    it('takes the token from the subprotocol and answers with its name alone', async () => {
      const id = await app.task(alice);
      const watcher = app.open(`/api/ws/build/${id}`, ['bearer', token]);
      await watcher.connected();
      expect(watcher.socket.protocol).toBe('bearer');
    });

    it('answers with a trailing slash and with an id in capitals alike', async () => {
      const id = await app.task(alice);
      const watcher = app.open(`/api/ws/build/${id.toUpperCase()}/?token=${token}`);
      expect((await watcher.connected()).task_id).toBe(id);
    });

    it('tells a client to come again when it can not be admitted in time', async () => {
      const hurried = await GatewayApp.start(database.url, { timings: { admissionMs: 200 } });
      const id = await app.task(alice);
      const lock = app.dataSource.createQueryRunner();
      await lock.startTransaction();
      try {
        await lock.query('LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE');
        expect((await hurried.watch(id, token).closed).code).toBe(1013);
      } finally {
        await lock.rollbackTransaction();
        await lock.release();
        await hurried.stop();
      }
    });
  });

  describe('before the upgrade', () => {
    const answer = async (path: string, headers: Record<string, string>) => {
      const socket = new WebSocket(app.url(path), { headers });
      socket.on('error', () => undefined);
      const [, response] = (await once(socket, 'unexpected-response')) as [
        unknown,
        IncomingMessage,
      ];
      const chunks = await response.setEncoding('utf8').toArray();
      return { status: response.statusCode, body: JSON.parse(chunks.join('')) as unknown };
    };

    it.each(['/', '/api/ws/build/', '/api/ws/other/x', '/api/ws/build/x/y', '//', '/%zz'])(
      'answers 404 under %s',
      async (path) => {
        expect(await answer(path, {})).toEqual({
          status: 404,
          body: {
            error: 'not_found',
            detail: 'No WebSocket under this path',
            status_code: 404,
            timestamp: expect.stringMatching(/Z$/) as string,
          },
        });
      },
    );

    it.each([
      ['GET', undefined],
      ['POST', JSON.stringify({ text: 'x'.repeat(100_000) })],
    ])('answers a %s that asks for another protocol as if it had not', async (method, body) => {
      const request = http.request({
        port: app.port,
        path: '/nowhere',
        method,
        headers: {
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQAAP__',
          ...(body && { 'content-type': 'application/json', 'content-length': body.length }),
        },
      });
      request.end(body);
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const chunks: unknown[] = await response.setEncoding('utf8').toArray();
      expect(JSON.parse(chunks.join(''))).toMatchObject({ message: `Cannot ${method} /nowhere` });
    });

    it.each(['https://evil.example', 'http://127.0.0.1:1', 'null', 'nonsense'])(
      'answers 403 to a page of %s',
      async (origin) => {
        const id = await app.task(alice);
        const { status, body } = await answer(`/api/ws/build/${id}?token=${token}`, { origin });
        expect([status, body]).toEqual([403, expect.objectContaining({ error: 'forbidden' })]);
      },
    );

    it('lets pages of its own and of CORS_ORIGINS connect', async () => {
      const cors = 'https://app.example.com';
      const open = await GatewayApp.start(database.url, { env: { CORS_ORIGINS: cors } });
      try {
        const id = await app.task(alice);
        for (const origin of [cors, `http://127.0.0.1:${open.port}`]) {
          const path = `/api/ws/build/${id}?token=${token}`;
          await open.open(path, [], { headers: { origin } }).connected();
        }
      } finally {
        await open.stop();
      }
    });
  });

  describe('limits', () => {
    it('refuses more connections of a user than allowed, until one has closed', async () => {
      const small = await GatewayApp.start(database.url, { env: { WS_MAX_PER_USER: '1' } });
      try {
        const id = await app.task(alice);
        const first = small.watch(id, token);
        await first.connected();
        expect(await small.watch(id, token).closed).toEqual({
          code: 4429,
          reason: 'Too many connections of this user',
        });
        first.socket.close();
        await first.closed;
        await small.watch(id, token).connected();
      } finally {
        await small.stop();
      }
    });

    it('refuses more connections from an address than allowed, before it looks at the token', async () => {
      const small = await GatewayApp.start(database.url, {
        env: { WS_MAX_PER_ADDRESS: '1' },
        trustProxy: 1,
      });
      try {
        const id = await app.task(alice);
        const from = (address: string, query: string) =>
          small.open(`/api/ws/build/${id}${query}`, [], {
            headers: { 'x-forwarded-for': `10.9.9.9, ${address}` },
          });
        await from('192.0.2.1', `?token=${token}`).connected();
        expect(await from('192.0.2.1', '').closed).toEqual({
          code: 4429,
          reason: 'Too many connections from this address',
        });
        await from('192.0.2.2', `?token=${token}`).connected();
        expect(small.nest.get(OpenSockets, { strict: false }).count).toBe(2);
      } finally {
        await small.stop();
      }
    });

    it('ends a client that sends too much, and ignores one that sends a little', async () => {
      const lease = await app.runningTask(alice);
      const watcher = app.watch(lease.taskId, token);
      watcher.socket.once('open', () => watcher.socket.send('{"event":"x"}'));
      await watcher.untilSeq(2);
      watcher.socket.send('not even JSON');
      await app.progress(lease);
      await watcher.untilSeq(3);
      watcher.socket.send('x'.repeat(16 * 1024 + 1));
      expect((await watcher.closed).code).toBe(1009);
    });
  });

  describe('events', () => {
    it('greets, tells what was, then what comes, and ends with the task', async () => {
      const lease = await app.runningTask(alice);
      const id = lease.taskId;
      const watcher = app.watch(id, token);
      await watcher.untilSeq(2);
      await app.progress(lease, { current_step: 'Generating code' });
      await app.complete(lease);
      expect(await watcher.closed).toEqual({ code: 1000, reason: 'The task has ended' });
      const timestamp = expect.stringMatching(/^\d{4}-.*Z$/) as string;
      const progress = { type: 'progress', task_id: id, timestamp };
      expect(watcher.messages).toEqual([
        {
          type: 'connected',
          task_id: id,
          message: 'Connected to build updates',
          since: 0,
          timestamp,
        },
        {
          ...progress,
          seq: 1,
          status: 'initializing',
          progress: 0,
          data: { current_step: 'Waiting for a worker' },
        },
        {
          ...progress,
          seq: 2,
          status: 'running',
          progress: 0,
          data: { current_step: 'Starting' },
        },
        {
          ...progress,
          seq: 3,
          status: 'running',
          progress: 50,
          data: { current_step: 'Generating code' },
        },
        {
          type: 'completion',
          seq: 4,
          task_id: id,
          status: 'completed',
          progress: 100,
          results: { tests_passed: 12 },
          timestamp,
        },
      ]);
    });

    it('names analyses by both ids', async () => {
      const id = await app.task(alice, 'analysis');
      const watcher = app.open(`/api/ws/analysis/${id}?token=${token}`);
      await watcher.untilSeq(1);
      expect(watcher.messages).toEqual([
        expect.objectContaining({
          task_id: id,
          analysis_id: id,
          message: 'Connected to analysis updates',
        }),
        expect.objectContaining({ task_id: id, analysis_id: id, seq: 1 }),
      ]);
    });

    it.each([
      ['nothing', 0, [1, 2, 3]],
      ['a part', 2, [3]],
      ['everything', 3, []],
      ['more than there is', 999_999_999_999, []],
    ])('tells a late client that has %s the rest', async (_, since, seqs) => {
      const lease = await app.runningTask(alice);
      await app.complete(lease);
      const watcher = app.watch(lease.taskId, token, since);
      expect((await watcher.closed).code).toBe(1000);
      expect(watcher.messages[0]).toMatchObject({ type: 'connected', since });
      expect(watcher.seqs).toEqual(seqs);
    });

    it('tells a cancel', async () => {
      const id = await app.task(alice);
      const watcher = app.watch(id, token);
      await watcher.untilSeq(1);
      const event = await app.store.cancel(id);
      expect(event?.type).toBe('cancelled');
      if (event) {
        app.publisher.publish(event);
      }
      expect((await watcher.closed).code).toBe(1000);
      expect(watcher.messages.at(-1)).toMatchObject({ type: 'cancelled', status: 'cancelled' });
    });

    it('leaves no gap and tells nothing twice to whoever joins or comes back in a burst', async () => {
      const lease = await app.runningTask(alice);
      const watchers = [app.watch(lease.taskId, token)];
      for (let count = 3; count <= 502; count += 1) {
        await app.progress(lease, { count });
        if (count % 25 === 0) {
          watchers.push(app.watch(lease.taskId, token, count % 50 === 0 ? count - 10 : undefined));
        }
      }
      await app.complete(lease);
      for (const watcher of watchers) {
        expect((await watcher.closed).code).toBe(1000);
        const since = Number(watcher.messages[0]?.since);
        const all = Array.from({ length: 503 - since }, (_, index) => since + index + 1);
        expect(watcher.seqs).toEqual(all);
      }
    });

    it('puts right what the bus tells twice or out of order', async () => {
      const lease = await app.runningTask(alice);
      const watcher = app.watch(lease.taskId, token);
      await watcher.untilSeq(2);
      const third = await app.store.progress(lease, 10, {});
      const fourth = await app.store.progress(lease, 20, {});
      app.publisher.publish(fourth);
      await watcher.untilSeq(4);
      app.publisher.publish(third);
      app.publisher.publish(fourth);
      await app.complete(lease);
      await watcher.closed;
      expect(watcher.seqs).toEqual([1, 2, 3, 4, 5]);
    });

    it('tells nothing twice to whoever found it in the log before the bus told it', async () => {
      const lease = await app.runningTask(alice);
      const first = app.watch(lease.taskId, token);
      await first.untilSeq(2);
      const untold = [
        await app.store.progress(lease, 10, {}),
        await app.store.progress(lease, 20, {}),
      ];
      const second = app.watch(lease.taskId, token);
      await second.untilSeq(4);
      untold.push(await app.store.progress(lease, 30, {}));
      untold.forEach((event) => app.publisher.publish(event));
      await app.complete(lease);
      await Promise.all([first.closed, second.closed]);
      expect([first.seqs, second.seqs]).toEqual([
        [1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6],
      ]);
    });

    it('finds in the log what the bus lost, the end too', async () => {
      const lease = await app.runningTask(alice);
      const watcher = app.watch(lease.taskId, token);
      await watcher.untilSeq(2);
      await app.store.progress(lease, 10, {});
      await watcher.untilSeq(3);
      await app.store.cancel(lease.taskId);
      expect((await watcher.closed).code).toBe(1000);
      expect(watcher.seqs).toEqual([1, 2, 3, 4]);
    });

    it('ends the stream of a task that is deleted', async () => {
      const id = await app.task(alice);
      const watcher = app.watch(id, token);
      await watcher.untilSeq(1);
      await app.dataSource.query('DELETE FROM tasks WHERE id = $1', [id]);
      expect(await watcher.closed).toEqual({ code: 4404, reason: 'The build was deleted' });
    });

    it('keeps nothing when the last client has gone', async () => {
      const streams = app.nest.get(TaskStreams, { strict: false });
      const sockets = app.nest.get(OpenSockets, { strict: false });
      const id = await app.task(alice);
      const watcher = app.watch(id, token);
      await watcher.untilSeq(1);
      expect(streams.count).toBe(1);
      watcher.socket.terminate();
      while (sockets.count > 0) {
        await nextTurn();
      }
      expect(streams.count).toBe(0);
    });
  });

  describe('slow readers', () => {
    const large = { text: 'x'.repeat(500_000) };

    it('lets one go that leaves 1 MiB unread, while another gets everything', async () => {
      const lease = await app.runningTask(alice);
      const [slow, quick] = [app.watch(lease.taskId, token), app.watch(lease.taskId, token)];
      await Promise.all([slow.untilSeq(2), quick.untilSeq(2)]);
      slow.socket.pause();
      for (let count = 0; count < 40; count += 1) {
        await app.progress(lease, large);
      }
      await app.complete(lease);
      expect((await quick.closed).code).toBe(1000);
      expect(quick.seqs).toEqual(Array.from({ length: 43 }, (_, index) => index + 1));
      slow.socket.resume();
      expect(await slow.closed).toEqual({
        code: 4408,
        reason: 'Reading too slowly: reconnect with since',
      });
      const last = slow.seqs.at(-1) ?? 0;
      expect(slow.seqs).toEqual(Array.from({ length: last }, (_, index) => index + 1));
      const again = app.watch(lease.taskId, token, last);
      expect((await again.closed).code).toBe(1000);
      expect([...slow.seqs, ...again.seqs]).toEqual(quick.seqs);
    });

    it('cuts off one that stops reading what it asked for and does not hear the goodbye', async () => {
      const timings = { stallMs: 100, closeMs: 100 };
      const strict = await GatewayApp.start(database.url, { timings });
      try {
        const lease = await app.runningTask(alice);
        for (let count = 0; count < 40; count += 1) {
          await app.store.progress(lease, 50, large);
        }
        const watcher = strict.watch(lease.taskId, token);
        await once(watcher.socket, 'open');
        watcher.socket.pause();
        const sockets = strict.nest.get(OpenSockets, { strict: false });
        expect(sockets.count).toBe(1);
        while (sockets.count > 0) {
          await nextTurn();
        }
      } finally {
        await strict.stop();
      }
    });
  });

  describe('while a stream is open', () => {
    let strict: GatewayApp;

    beforeAll(async () => {
      strict = await GatewayApp.start(database.url, { timings: { recheckMs: 100, pingMs: 1_000 } });
    });

    afterAll(() => strict.stop());

    it('ends it when the token expires', async () => {
      const id = await app.task(alice);
      // The big app verifies no token again within this test: the expiry itself ends the stream.
      const watcher = app.watch(id, await app.tokenFor(alice, 2));
      await watcher.connected();
      expect(await watcher.closed).toEqual({ code: 4401, reason: 'Token expired' });
    });

    it('ends it after a logout', async () => {
      const id = await app.task(alice);
      const watcher = strict.watch(id, await app.token(alice));
      await watcher.connected();
      await app.dataSource.query('UPDATE sessions SET revoked_at = now() WHERE username = $1', [
        alice.username,
      ]);
      token = await app.token(alice);
      expect(await watcher.closed).toEqual({ code: 4401, reason: 'Token no longer valid' });
    });

    it('ends it after a demotion', async () => {
      const admin = await app.user('admin');
      const id = await app.task(alice);
      const watcher = strict.watch(id, await app.token(admin));
      await watcher.connected();
      await app.dataSource.query(`UPDATE users SET role = 'user' WHERE username = $1`, [
        admin.username,
      ]);
      expect(await watcher.closed).toEqual({ code: 4403, reason: 'No longer authorized' });
    });

    it('cuts off a client that answers no ping, and keeps one that does', async () => {
      const id = await app.task(alice);
      const path = `/api/ws/build/${id}?token=${token}`;
      const [alive, gone] = [strict.open(path), strict.open(path, [], { autoPong: false })];
      await Promise.all([alive.connected(), gone.connected()]);
      expect((await gone.closed).code).toBe(1006);
      await once(alive.socket, 'ping');
      expect(alive.socket.readyState).toBe(WebSocket.OPEN);
    });
  });

  it('says 1001 to everybody when the server stops, and waits for nobody who does not answer', async () => {
    const timings = { goodbyeMs: 100, closeMs: 60_000 };
    const stopping = await GatewayApp.start(database.url, { timings });
    const id = await app.task(alice);
    const [polite, mute] = [stopping.watch(id, token), stopping.watch(id, token)];
    await Promise.all([polite.untilSeq(1), mute.untilSeq(1)]);
    mute.socket.pause();
    await stopping.nest.close();
    expect(await polite.closed).toEqual({ code: 1001, reason: 'The server is stopping' });
    mute.socket.terminate();
  });
});
