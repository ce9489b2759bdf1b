import { startModelServer, type BuildAnswer, type ModelServer } from './support/model-server.js';

/** Toolchain, where it has to be made, included. */
const LONG_MS = 180_000;
const QUICK = { database: 'none', include_tests: false };
const AUTH = 'Authentication with JWT';
const MAIN = 'app/main.py';
/** After everything that the engine ever changes there. */
const OWN_FUNCTION = '\n\ndef own() -> str:\n    """The user wrote it."""\n    return "own"\n';

interface SnapshotAnswer {
  id: string;
  parent: string | null;
  task_id: string | null;
  generated: string | null;
}

describe('a project that lives on', () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer({ LLM_PROVIDER: '', LLM_MODEL: '' });
  }, LONG_MS);

  afterAll(() => server.close());

  async function build(name: string, goal: string): Promise<BuildAnswer & { task_id: string }> {
    const task_id = await server.submit(name, goal, QUICK);
    return { ...(await server.ended(task_id)), task_id };
  }

  /** A built project: its files, as text. */
  async function begin(name: string): Promise<Record<string, string>> {
    expect(await build(name, 'Health probes')).toMatchObject({ error: null, status: 'completed' });
    return filesOf(name);
  }

  async function filesOf(name: string): Promise<Record<string, string>> {
    const { files } = (await get(`/api/projects/${name}/files`)) as { files: { path: string }[] };
    const texts = files.map(async ({ path }) => {
      const file = await server.request('GET', `/api/projects/${name}/files/${path}`);
      return [path, await file.text()];
    });
    return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
  }

  async function upload(name: string, files: Record<string, string>): Promise<SnapshotAnswer> {
    const answer = await server.request('PUT', `/api/projects/${name}/source`, { files });
    expect(answer.status).toBe(201);
    return (await answer.json()) as SnapshotAnswer;
  }

  async function headOf(name: string): Promise<SnapshotAnswer> {
    return ((await get(`/api/projects/${name}`)) as { head: SnapshotAnswer }).head;
  }

  async function get(path: string): Promise<unknown> {
    return (await server.request('GET', path)).json();
  }

  async function post(path: string, body?: object) {
    const answer = await server.request('POST', path, body);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  it(
    "keeps the user's edits under a second goal, and a third",
    async () => {
      const { '.dockerignore': removed, ...generated } = await begin('edited');
      expect(removed).toBeDefined();
      const edited = await upload('edited', {
        ...generated,
        [MAIN]: generated[MAIN] + OWN_FUNCTION,
        'app/own.py': '"""The user\'s own."""\n',
        'notes.txt': 'one\r\ntwo',
      });

      const second = await build('edited', AUTH);

      expect(second.error).toBeNull();
      expect(second).toMatchObject({
        status: 'completed',
        results: { engine: 'blueprints', conflicts: [], lint_errors: 0, type_errors: 0 },
      });
      const files = await filesOf('edited');
      expect(files[MAIN]).toContain('auth');
      expect(files[MAIN]?.endsWith(OWN_FUNCTION)).toBe(true);
      expect(files).toMatchObject({
        'app/own.py': '"""The user\'s own."""\n',
        'notes.txt': 'one\r\ntwo',
        'app/auth/router.py': expect.stringContaining('APIRouter'),
      });
      expect(files).not.toHaveProperty('.dockerignore');
      const head = await headOf('edited');
      expect(head).toMatchObject({ parent: edited.id, task_id: second.task_id });
      expect(head.generated).not.toBe(head.id);
      expect(head.generated).not.toBe(edited.generated);
      const told = (await server.events(second.task_id)).map(({ data }) => data);
      expect(told).toContainEqual(
        expect.objectContaining({
          current_step: "Merging with the project's own changes",
          merged_files: [MAIN],
          conflicts: [],
        }),
      );

      // The base of the third is what the second generated: its text is no edit of the user's.
      const third = await build('edited', 'Health probes');
      expect(third.error).toBeNull();
      expect(await filesOf('edited')).toEqual(files);
    },
    LONG_MS,
  );

  it(
    'tells of conflicts, keeps the text of the user, and goes on once they are settled',
    async () => {
      const generated = await begin('torn');
      const mine = generated[MAIN]?.replace('    return app\n', '    return app  # mine\n') ?? '';
      const edited = await upload('torn', { ...generated, [MAIN]: mine });

      const torn = await build('torn', AUTH);

      expect(torn).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(
          /^The project's own changes and what the goal asks for conflict in app\/main\.py\. /,
        ),
        results: { conflicts: [{ path: MAIN, kind: 'both_changed' }], stop_reason: null },
      });
      const [conflict] = torn.results.conflicts;
      expect(conflict?.text).toMatch(
        /<<<<<<< yours\n {4}return app {2}# mine\n=======\n[^]*auth[^]*\n {4}return app\n>>>>>>> generated\n/,
      );
      expect(await server.file(torn.task_id, MAIN)).toContain('# mine');
      expect(await server.file(torn.task_id, 'app/auth/router.py')).not.toBeNull();
      expect((await headOf('torn')).id).toBe(edited.id);
      expect(await post(`/api/build/${torn.task_id}/retry`)).toMatchObject({ status: 409 });

      const { snapshot } = torn.results;
      expect(await post('/api/projects/torn/restore', { snapshot })).toMatchObject({ status: 201 });
      const settled = (conflict?.text ?? '')
        .replace(/<<<<<<< yours\n[^]*?=======\n/, '')
        .replace('    return app\n>>>>>>> generated\n', '    return app  # mine\n');
      await upload('torn', { ...(await filesOf('torn')), [MAIN]: settled });

      const again = await build('torn', AUTH);

      expect(again).toMatchObject({ error: null, status: 'completed' });
      expect((await filesOf('torn'))[MAIN]).toBe(settled);
    },
    LONG_MS,
  );

  it(
    'builds on what was restored',
    async () => {
      await begin('restored');
      const { id } = await headOf('restored');
      await upload('restored', { 'index.js': 'something else' });

      expect((await build('restored', AUTH)).error).toMatch(
        /^This project holds source that the blueprint engine did not write/,
      );

      await post('/api/projects/restored/restore', { snapshot: id });
      expect(await build('restored', AUTH)).toMatchObject({ error: null, status: 'completed' });
      expect(await filesOf('restored')).not.toHaveProperty('index.js');
      const head = await headOf('restored');
      expect(head.generated).toBe(head.id);
    },
    LONG_MS,
  );

  it(
    'goes on with a build that was cancelled during its checks',
    async () => {
      const cancelled = await server.submit('halted', 'Health probes', QUICK);
      await server.until(cancelled, /Running checks/);
      await server.request('DELETE', `/api/build/${cancelled}`);

      const { status, body } = await post(`/api/build/${cancelled}/retry`);

      expect(status).toBe(202);
      const id = String(body['task_id']);
      expect(await server.ended(id)).toMatchObject({
        status: 'completed',
        error: null,
        retry_of: cancelled,
        results: { engine: 'blueprints', conflicts: [], lint_errors: 0 },
      });
      const steps = (await server.events(id)).map(({ data }) => data?.current_step);
      expect(steps).toContain('Passed: types');
      expect(steps).not.toContain('Planning');
      const head = await headOf('halted');
      expect(head).toMatchObject({ task_id: id, parent: null });
      expect(await server.file(cancelled, MAIN)).toBe(await server.file(id, MAIN));
      // Still the engine's own text, though it is a copy: the next goal needs no merge.
      expect(await build('halted', AUTH)).toMatchObject({ error: null, status: 'completed' });
      const newer = await headOf('halted');
      expect(newer.generated).toBe(newer.id);
    },
    LONG_MS,
  );

  it(
    'is verified again, and nothing of it changes',
    async () => {
      await begin('checked');
      const head = await headOf('checked');
      const built = head.task_id ?? '';

      const { status, body } = await post(`/api/build/${built}/verify`);

      expect({ status, body }).toEqual({
        status: 202,
        body: {
          task_id: expect.any(String),
          status: 'initializing',
          message: 'Build will be verified',
        },
      });
      const id = String(body['task_id']);
      const verified = await server.ended(id);
      const original = await server.ended(built);
      expect(verified).toMatchObject({
        status: 'completed',
        error: null,
        verify_of: built,
        retry_of: null,
        results: {
          engine: 'verify',
          snapshot: head.id,
          type_errors: 0,
          specification: original.results.specification,
          generated_files: original.results.generated_files,
        },
      });
      expect(verified.results.checks.map(({ name }) => name).sort()).toEqual(
        original.results.checks.map(({ name }) => name).sort(),
      );
      expect(await headOf('checked')).toEqual(head);
      expect(await server.file(id, MAIN)).toBe(await server.file(built, MAIN));
      const steps = (await server.events(id)).map(({ data }) => data?.current_step);
      expect(steps).not.toContain('Planning');
      expect(steps).toContain('Passed: types');
      expect(await post(`/api/build/${built}/retry`)).toMatchObject({
        status: 409,
        body: { detail: 'Build cannot be retried: it is already completed' },
      });
    },
    LONG_MS,
  );
});
