import { LONG_BUILD, QUICK_BUILD, type BuildView } from './support/system-build.js';
import { errorBody, TIMESTAMP } from './support/system-shapes.js';
import { BUILD_TIMEOUT_MS, describeSystem } from './support/system-suite.js';
import type { Account } from './support/system-client.js';

/** One task at a time, so that what comes second waits. */
describeSystem('lifecycle', { settings: { WORKER_CONCURRENCY: '1' }, workers: 1 }, (system) => {
  let alice: Account;
  let bob: Account;

  const cancel = (account: Account, id: string) =>
    system.request('DELETE', `/api/build/${id}`, { token: account.token });
  const view = async (account: Account, id: string) =>
    (await system.request<BuildView>('GET', `/api/build/${id}`, { token: account.token })).body;
  const create = (account: Account, project: string) =>
    system.build(account.token, { ...QUICK_BUILD, project_name: project });
  /** A build whose checks run right now. */
  const createRunning = async (account: Account, project: string) => {
    const id = await system.build(account.token, { ...LONG_BUILD, project_name: project });
    const stream = system.watch(account.token, id);
    await stream.until((message) => stepOf(message) === 'Running checks');
    return { id, stream };
  };

  beforeAll(async () => {
    [alice, bob] = [await system.register(), await system.register()];
    // The toolchain stands after it, so that what follows measures builds alone.
    await system.ended(alice.token, await create(alice, 'warm-up'));
  }, BUILD_TIMEOUT_MS);

  describe('of a running build', () => {
    let id: string;
    let cancelled: { status: number; body: object };
    let messages: Record<string, unknown>[];
    let end: { code: number };
    let waitingId: string;
    let waitingStatus: string;
    let waitingCancel: { status: number };
    let refusals: { status: number; body: object }[];

    beforeAll(async () => {
      const viewer = await system.accountWithRole('viewer');
      const running = await createRunning(alice, 'cancelled');
      id = running.id;
      waitingId = await create(bob, 'waits');
      waitingStatus = (await view(bob, waitingId)).status;
      waitingCancel = await cancel(bob, waitingId);
      refusals = [await cancel(bob, id), await cancel(viewer, id)];
      cancelled = await cancel(alice, id);
      end = await running.stream.closed;
      messages = running.stream.messages;
    }, BUILD_TIMEOUT_MS);

    it('lets nobody but its creator and admins cancel it', () => {
      expect(refusals.map(({ status }) => status)).toEqual([403, 403]);
      expect(refusals[0]?.body).toEqual(errorBody(403));
    });

    it('answers a cancel as documented', () => {
      expect(cancelled).toMatchObject({
        status: 200,
        body: { message: 'Build task cancelled successfully' },
      });
    });

    it('ends as cancelled, and says how fast everything was dead', async () => {
      const build = await stopped(() => view(alice, id));
      expect(build).toMatchObject({ status: 'cancelled', error: null });
      expect(build.stopped_in_ms).toBeLessThan(2_000);
    });

    it('ends its stream with cancelled, and closes it', () => {
      expect(messages.at(-1)).toMatchObject({
        type: 'cancelled',
        task_id: id,
        status: 'cancelled',
        timestamp: expect.stringMatching(TIMESTAMP) as string,
      });
      expect(end.code).toBe(1000);
    });

    it('refuses a second cancel', async () => {
      const { status, body } = await cancel(alice, id);
      expect([status, body]).toEqual([409, errorBody(409)]);
    });

    it('keeps what it made downloadable, and no head', async () => {
      const { token } = alice;
      const files = await system.request('GET', `/api/build/${id}/archive`, { token });
      const project = await system.request('GET', '/api/projects/cancelled', { token });
      expect([files.status, project.body['head']]).toEqual([200, null]);
    });

    it('cancels one that still waits', async () => {
      expect([waitingStatus, waitingCancel.status]).toEqual(['initializing', 200]);
      const stream = system.watch(bob.token, waitingId);
      expect((await stream.closed).code).toBe(1000);
      expect(stream.messages.map(({ type }) => type)).toEqual([
        'connected',
        'progress',
        'cancelled',
      ]);
      expect((await view(bob, waitingId)).status).toBe('cancelled');
    });
  });

  describe('of two builds in one project', () => {
    it(
      'runs one after the other, and shows the second as a change of the first',
      async () => {
        const first = await create(alice, 'lane');
        const second = await create(alice, 'lane');
        const two = await system.ended<BuildView & Times>(alice.token, second);
        const one = (await view(alice, first)) as BuildView & Times;
        expect([one.status, two.status]).toEqual(['completed', 'completed']);
        expect(Date.parse(two.started_at)).toBeGreaterThanOrEqual(Date.parse(one.finished_at));

        const { token } = alice;
        // The same goal: nothing is left to change.
        expect((await system.request('GET', `/api/build/${second}/diff`, { token })).text).toBe('');
        const project = await system.request('GET', '/api/projects/lane', { token });
        expect(project.body['head']).toMatchObject({ task_id: second });
        const { status, body } = await cancel(alice, first);
        expect([status, body]).toEqual([409, errorBody(409)]);
      },
      BUILD_TIMEOUT_MS,
    );
  });

  describe('of an idempotent request', () => {
    const post = (account: Account, key: string, goal: string) =>
      system.request('POST', '/api/build/', {
        token: account.token,
        headers: { 'Idempotency-Key': key },
        body: { ...QUICK_BUILD, project_name: 'idempotent', goal },
      });

    it('answers the same key and body with the first task, another body with 409', async () => {
      const { goal } = QUICK_BUILD;
      const [first, twin] = await Promise.all([post(alice, 'k1', goal), post(alice, 'k1', goal)]);
      const again = await post(alice, 'k1', goal);
      expect([first.status, twin.status, again.status]).toEqual([202, 202, 202]);
      const id = first.body['task_id'];
      expect([twin.body['task_id'], again.body['task_id']]).toEqual([id, id]);
      const other = await post(alice, 'k1', 'Add health checks');
      expect([other.status, other.body]).toEqual([409, errorBody(409)]);
      const others = await post(bob, 'k1', goal);
      expect(others.status).toBe(202);
      expect(others.body['task_id']).not.toBe(id);
      for (const [account, task] of [
        [alice, id] as const,
        [bob, others.body['task_id']] as const,
      ]) {
        await cancel(account, String(task));
      }
    });
  });

  it(
    'lets an admin cancel any build',
    async () => {
      const admin = await system.loginAdmin();
      const { id } = await createRunning(alice, 'by-admin');
      expect((await cancel(admin, id)).status).toBe(200);
      expect((await view(alice, id)).status).toBe('cancelled');
    },
    BUILD_TIMEOUT_MS,
  );
});

/** Two projects, two places: the default of the setting is the number of cores, which a test can't know. */
describeSystem('concurrency', { settings: { WORKER_CONCURRENCY: '2' } }, (system) => {
  it(
    'runs builds of different projects side by side',
    async () => {
      const { token } = await system.register();
      const streams = [];
      for (const project of ['left', 'right']) {
        const id = await system.build(token, { ...LONG_BUILD, project_name: project });
        streams.push({ id, stream: system.watch(token, id) });
      }
      // Each waits for the other's checks to run before either is let go: one after the other would never get here.
      await Promise.all(
        streams.map(({ stream }) => stream.until((each) => stepOf(each) === 'Running checks')),
      );
      const statuses = await Promise.all(
        streams.map(({ id }) => system.request('GET', `/api/build/${id}`, { token })),
      );
      expect(statuses.map(({ body }) => body['status'])).toEqual(['running', 'running']);
      await Promise.all(
        streams.map(({ id }) => system.request('DELETE', `/api/build/${id}`, { token })),
      );
    },
    BUILD_TIMEOUT_MS,
  );
});

interface Times {
  started_at: string;
  finished_at: string;
}

function stepOf(message: Record<string, unknown>): unknown {
  return (message['data'] as { current_step?: string } | undefined)?.current_step;
}

/** The worker writes its proof after the cancel was answered. */
async function stopped(read: () => Promise<BuildView>): Promise<BuildView> {
  const limit = performance.now() + 5_000;
  let build = await read();
  while (build.stopped_in_ms === null && performance.now() < limit) {
    build = await read();
  }
  return build;
}
