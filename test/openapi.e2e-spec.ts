import { describeSystem } from './support/system-suite.js';
import { errorBody } from './support/system-shapes.js';

interface Operation {
  summary?: string;
  security?: object[];
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object; example?: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, { example?: unknown }> }> };
}

describeSystem('API description', { deployments: ['embedded'] }, (system) => {
  let document: Document;
  let operations: { method: string; path: string; operation: Operation }[];

  beforeAll(async () => {
    ({ body: document } = await system.request<Document>('GET', '/api/openapi.json'));
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    );
  });

  it('is OpenAPI 3.1 of the documented version', () => {
    expect([document.openapi, document.info.version]).toEqual(['3.1.0', '3.0.0']);
  });

  it('has every route that the product says it maps', () => {
    // With LOG_LEVEL=debug the framework names each route that it adds.
    const mapped = [...system.logs().matchAll(/Mapped \{([^,]+), (\w+)\} route/g)].map(
      ([, path = '', method]) => `${method} ${path.replace(/[:*](\w+)/g, '{$1}')}`,
    );
    expect(mapped.length).toBeGreaterThan(30);
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(mapped.sort());
  });

  it('says how much the parameters of a build may hold', () => {
    const { BuildParametersDto, ResourceDto, FieldDto } = document.components.schemas;
    const name = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_ -]{0,63}$' };

    expect(BuildParametersDto?.properties).toMatchObject({
      features: { maxItems: 50, items: { type: 'string', minLength: 1, maxLength: 64 } },
      resources: { maxItems: 50 },
    });
    expect(ResourceDto?.properties).toMatchObject({
      name,
      fields: { maxItems: 50 },
      belongs_to: { maxItems: 20, items: name },
    });
    expect(FieldDto?.properties).toMatchObject({
      name,
      values: { maxItems: 100, items: { type: 'string', maxLength: 64 } },
    });
  });

  it('has every route of the document', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect(described).toEqual(
      expect.arrayContaining([
        'POST /auth/login',
        'POST /api/build',
        'GET /api/build',
        'GET /api/build/{task_id}',
        'DELETE /api/build/{task_id}',
        'GET /api/health',
        'GET /api/health/ready',
        'GET /api/health/live',
        'GET /api/health/status',
      ]),
    );
  });

  it('gives each route a summary and an answer that succeeds', () => {
    const incomplete = operations.filter(
      ({ operation }) =>
        !operation.summary || !Object.keys(operation.responses).some((code) => /^2/.test(code)),
    );
    expect(incomplete).toEqual([]);
  });

  it('describes the errors of each route in the one format', () => {
    for (const { operation } of operations) {
      for (const [code, response] of Object.entries(operation.responses)) {
        if (/^4/.test(code)) {
          expect(response.content?.['application/json']).toEqual({
            schema: { $ref: '#/components/schemas/ErrorBody' },
            example: errorBody(Number(code)),
          });
        }
      }
    }
  });

  it('says which routes need a token, and that those may answer 401 and 429', async () => {
    for (const { method, path, operation } of operations) {
      const url = path.replace(/\{\w+\}/g, '550e8400-e29b-41d4-a716-446655440000');
      const { status } = await system.request(method, url);
      // Its token is another one, and only where METRICS_TOKEN is set.
      const isProtected = operation.security !== undefined && path !== '/metrics';
      expect([method, path, status === 401]).toEqual([method, path, isProtected]);
      const documented = Object.keys(operation.responses);
      expect([method, path, documented]).toEqual([
        method,
        path,
        isProtected ? expect.arrayContaining(['401', '429']) : documented,
      ]);
    }
  });

  it('names every parameter of a path', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = operation.parameters?.filter((each) => each.in === 'path') ?? [];
      expect(named.map(({ name }) => name).sort()).toEqual(inPath.sort());
    }
  });

  it('has an example of a build that works when it is sent', async () => {
    const { token } = await system.register();
    const { properties } = document.components.schemas['CreateBuildDto'] ?? { properties: {} };
    const body = Object.fromEntries(
      Object.entries(properties).map(([name, { example }]) => [name, example]),
    );
    const reply = await system.request('POST', '/api/build', { token, body });
    expect([reply.status, reply.body['status']]).toEqual([202, 'initializing']);
    await system.request('DELETE', `/api/build/${String(reply.body['task_id'])}`, { token });
  });

  it('is where the root leads', async () => {
    const { status, headers } = await system.request('GET', '/');
    expect([status, headers.location]).toEqual([302, '/api/docs']);
  });

  it.each(['/api/docs', '/api/docs/'])('shows Swagger UI at %s', async (path) => {
    const { status, headers, text } = await system.request('GET', path);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    const scripts = [...text.matchAll(/<script src="([^"]+)"/g)].map(([, src = '']) => src);
    expect(scripts.length).toBeGreaterThan(0);
    for (const src of scripts) {
      const { pathname } = new URL(src, `${system.url}${path}`);
      expect((await system.request('GET', pathname)).status).toBe(200);
    }
    // The page's own policy admits no script in the text of the page.
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
  });
});
