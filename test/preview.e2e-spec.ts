import { errorBody } from './support/system-shapes.js';
import { describeSystem } from './support/system-suite.js';

interface Preview {
  specification: { framework: string; resources: { name: string }[] };
  files: { path: string; size: number }[];
  notes: string[];
}

describeSystem('what a build would make', { deployments: ['embedded'] }, (system) => {
  const BODY = { project_name: 'planned', goal: 'Manage todos with a title, and fly to the moon' };

  it('is told without building it', async () => {
    const { token } = await system.register();
    const options = { token, body: BODY };
    const reply = await system.request<Preview>('POST', '/api/build/preview', options);
    expect(reply.status).toBe(200);
    expect(reply.body.specification).toMatchObject({
      framework: 'fastapi',
      resources: [{ name: 'todo' }],
    });
    const paths = reply.body.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['app/main.py', 'app/todos/router.py']));
    expect(reply.body.files.find(({ path }) => path === 'app/main.py')?.size).toBeGreaterThan(500);
    expect(reply.body.notes).toEqual(["Not understood: 'fly to the moon'"]);
    const builds = await system.request<{ total: number }>('GET', '/api/build', { token });
    expect(builds.body.total).toBe(0);
  });

  it('is refused where nothing is understood, and the answer says what can be built', async () => {
    const { token } = await system.register();
    const body = { ...BODY, goal: 'Simulate the weather on Mars' };
    const reply = await system.request('POST', '/api/build/preview', { token, body });
    expect([reply.status, reply.body]).toEqual([422, errorBody(422)]);
    expect(JSON.stringify(reply.body)).toMatch(/Nothing in the goal was understood.*fastapi/);
  });

  it.each([
    [{ name: 'order', fields: [], belongs_to: ['ghost'] }, 'there is no resource ghost'],
    [{ name: 'order', fields: [{ name: 'state', type: 'enum' }] }, 'an enum needs values'],
  ])('refuses the resource %j', async (resource, message) => {
    const { token } = await system.register();
    const body = { ...BODY, parameters: { resources: [resource] } };
    for (const path of ['/api/build/preview', '/api/build']) {
      const reply = await system.request('POST', path, { token, body });
      expect([reply.status, reply.body]).toEqual([422, errorBody(422)]);
      expect(JSON.stringify(reply.body)).toContain(message);
    }
  });

  it('needs somebody who may build', async () => {
    const reply = await system.request('POST', '/api/build/preview', { body: BODY });
    expect([reply.status, reply.body]).toEqual([401, errorBody(401)]);
  });
});

describeSystem('what can be built', { deployments: ['embedded'] }, (system) => {
  it('is told to every caller', async () => {
    const { token } = await system.register();
    const { status, body } = await system.request('GET', '/api/build/capabilities', { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      engine: 'blueprints',
      frameworks: expect.arrayContaining([
        expect.objectContaining({ name: 'fastapi', databases: ['sqlite', 'postgresql', 'none'] }),
      ]) as unknown,
      databases: ['postgresql', 'sqlite', 'none'],
      field_types: expect.arrayContaining(['decimal', 'enum']) as unknown,
      toolchains: { python: { status: expect.any(String) as unknown } },
    });
    expect(JSON.stringify(body)).toContain('"name":"auth"');
  });
});
