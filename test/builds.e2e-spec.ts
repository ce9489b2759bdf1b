import { QUICK_BUILD, type BuildView } from './support/system-build.js';
import { errorBody } from './support/system-shapes.js';
import { BUILD_TIMEOUT_MS, describeSystem } from './support/system-suite.js';

describeSystem('builds', {}, (system) => {
  it(
    'fails a goal that it does not understand, and says so and what it can do',
    async () => {
      const { token } = await system.register();
      const goal = 'Simulate the weather on Mars';
      const id = await system.build(token, { project_name: 'mars', goal });
      const stream = system.watch(token, id);
      const { code } = await stream.closed;
      const build = await system.ended<BuildView>(token, id);
      expect(build).toMatchObject({ status: 'failed', results: null });
      expect(build.error).toMatch(/Nothing in the goal was understood.*Simulate.*fastapi/s);
      expect(stream.messages.at(-1)).toMatchObject({
        type: 'error',
        task_id: id,
        status: 'failed',
        error: build.error,
      });
      expect(code).toBe(1000);
    },
    BUILD_TIMEOUT_MS,
  );

  it.each([
    ['framework', 'cobol'],
    ['database', 'oracle'],
    ['include_tests', 'yes'],
  ])('refuses a %s that it does not know with 422', async (name, value) => {
    const { token } = await system.register();
    const body = { ...QUICK_BUILD, parameters: { [name]: value } };
    const reply = await system.request('POST', '/api/build/', { token, body });
    expect([reply.status, reply.body]).toEqual([422, errorBody(422)]);
    expect(reply.body['errors']).toEqual([
      { field: `parameters.${name}`, message: expect.any(String) as string },
    ]);
  });

  it.each(['Add authentication', 'Add user authentication', 'Add authentication module'])(
    "understands the document's goal '%s' without parameters",
    async (goal) => {
      const { token } = await system.register();
      const id = await system.build(token, { project_name: 'my-app', goal });
      const stream = system.watch(token, id);
      const generated = await stream.until((message) =>
        JSON.stringify(message).includes('files_created'),
      );
      await system.request('DELETE', `/api/build/${id}`, { token });
      expect(generated['data']).toMatchObject({ current_step: 'Generating code' });
    },
  );

  it(
    'counts nothing where tests were not asked for, and checks all the rest',
    async () => {
      const { token } = await system.register();
      const parameters = { ...QUICK_BUILD.parameters, database: 'none', colour: 'blue' };
      const id = await system.build(token, { ...QUICK_BUILD, parameters });
      const { status, results } = await system.ended<BuildView>(token, id);
      expect(status).toBe('completed');
      expect(results).toMatchObject({
        tests_passed: null,
        tests_failed: null,
        test_coverage: null,
        type_errors: 0,
        lint_errors: 0,
      });
      expect(results?.checks.map(({ name }) => name)).toEqual(['types', 'lint', 'format', 'smoke']);
      expect(results?.notes.join()).toContain('colour');
    },
    BUILD_TIMEOUT_MS,
  );
});

describeSystem('databases', { deployments: ['embedded'] }, (system) => {
  it.each([
    ['sqlite, as the quick start has it', '', { framework: 'fastapi' }],
    ['none', ', and notes with a title', { framework: 'fastapi', database: 'none' }],
  ])(
    'verifies a build with database %s',
    async (_, more, parameters) => {
      const { token } = await system.register();
      const goal = `Add authentication module with JWT${more}`;
      const id = await system.build(token, { project_name: 'my-project', goal, parameters });
      const { status, results } = await system.ended<BuildView>(token, id);
      expect([status, results?.tests_failed, results?.type_errors]).toEqual(['completed', 0, 0]);
      expect(results?.tests_passed).toBeGreaterThanOrEqual(12);
      expect(results?.test_coverage).toBeGreaterThanOrEqual(87.5);
      expect(results?.checks.every(({ command }) => !command.includes('postgres'))).toBe(true);
    },
    BUILD_TIMEOUT_MS,
  );
});

describeSystem('time limit', { settings: { COMMAND_TIMEOUT_SECONDS: '1' } }, (system) => {
  let token: string;
  let id: string;
  let build: BuildView;

  beforeAll(async () => {
    ({ token } = await system.register());
    // Tests, smoke start and PostgreSQL all need longer than a second.
    const body = { ...QUICK_BUILD, parameters: { framework: 'fastapi', database: 'postgresql' } };
    id = await system.build(token, body);
    build = await system.ended<BuildView>(token, id);
  }, BUILD_TIMEOUT_MS);

  it('fails the build with the documented error', () => {
    expect(build).toMatchObject({ status: 'failed', error: 'Command execution timeout' });
  });

  it('ends the stream with that error', async () => {
    const stream = system.watch(token, id);
    expect((await stream.closed).code).toBe(1000);
    expect(stream.messages.at(-1)).toMatchObject({
      type: 'error',
      status: 'failed',
      error: 'Command execution timeout',
    });
  });

  it('names the checks that did not pass', () => {
    const tests = build.results?.checks.find(({ name }) => name === 'tests');
    expect(tests).toMatchObject({ passed: false, exit_status: null });
    expect(build.results).toMatchObject({ tests_passed: null, test_coverage: null });
  });

  it('keeps the files downloadable, and the head where it was', async () => {
    const main = await system.request('GET', `/api/build/${id}/files/app/main.py`, { token });
    const archive = await system.request('GET', `/api/build/${id}/archive?format=zip`, { token });
    const project = await system.request('GET', '/api/projects/quick', { token });
    expect([main.status, archive.status]).toEqual([200, 200]);
    expect(project.body['head']).toBeNull();
  });
});
