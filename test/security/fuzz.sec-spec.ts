import { Agent, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { requestsFor, type FuzzRequest } from '../support/fuzz-requests.js';
import type { KnownValues } from '../support/fuzz-values.js';
import { readOpenApi, type OpenApi } from '../support/openapi-operations.js';
import { describeSecurity } from '../support/security-suite.js';
import { errorBody } from '../support/system-shapes.js';
import { ROUTES } from './route-access.js';

/** Of all operations together. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 20);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const SLOW_MS = 1_000;
/** A busy machine is slow now and then; a slow request is slow every time. */
const ATTEMPTS = 4;
const UUID = '550e8400-e29b-41d4-a716-446655440000';

interface FuzzReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  ms: number;
}

describeSecurity('fuzzer', { WORKER_CONCURRENCY: '1' }, (system) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const known: KnownValues = { username: ['nobody-else'], id: [UUID], project_name: ['fuzzed'] };
  let openApi: OpenApi;
  let sent = 0;
  let slowest = { ms: 0, name: '' };

  beforeAll(async () => {
    openApi = await readOpenApi(system);
    const { token } = await system.loginAdmin();
    const source = await system.request<{ id: string }>('PUT', '/api/projects/fuzzed/source', {
      token,
      body: { files: { 'a.py': 'import os\n' } },
    });
    const analysis = await system.request<{
      analysis_id: string;
      issues: { fingerprint: string }[];
    }>('POST', '/api/analysis', {
      token,
      headers: { Prefer: 'wait=60' },
      body: { project_name: 'fuzzed', analysis_types: ['quality'] },
    });
    const build = await system.build(token, { project_name: 'built', goal: 'Xyzzy' });
    await system.ended(token, build);
    known['name'] = ['fuzzed', 'other'];
    known['path'] = ['a.py', 'b/c.py'];
    known['snapshot'] = [source.body.id];
    known['task_id'] = [build];
    known['analysis_id'] = [analysis.body.analysis_id];
    known['fingerprint'] = analysis.body.issues.map((each) => each.fingerprint);
  }, 120_000);

  afterAll(() => {
    agent.destroy();
    process.stdout.write(
      `fuzzer: seed ${SEED}, ${sent} requests to ${openApi.operations.length} operations, ` +
        `slowest ${slowest.ms.toFixed(0)} ms (${slowest.name})\n`,
    );
  });

  it.each(Object.keys(ROUTES))(
    'API8:2023 ASVS 5.1.3 ASVS 7.4.1 %s answers whatever comes, in the documented form, within a second',
    async (name) => {
      const operation = openApi.operations.find((each) => each.name === name);
      if (!operation) {
        throw new Error(`${name} is not in the OpenAPI document`);
      }
      // One for each operation: some of them end it.
      const { token } = await system.loginAdmin();
      const property = fc.asyncProperty(requestsFor(operation, openApi, known), (request) =>
        holds(request, name, token),
      );
      await fc.assert(property, {
        seed: SEED,
        numRuns: 100_000,
        interruptAfterTimeLimit: (SECONDS * 1_000) / openApi.operations.length,
        markInterruptAsFailure: false,
      });
    },
    SECONDS * 1_000 + 60_000,
  );

  async function holds(request: FuzzRequest, name: string, token: string): Promise<void> {
    const reply = await sendTimed(request, token);
    if (reply.ms > slowest.ms) {
      slowest = { ms: reply.ms, name };
    }
    expect(reply.status).toBeLessThan(500);
    expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    if (reply.status >= 400) {
      expect(reply.headers['content-type']).toMatch(/^application\/json/);
      expect(JSON.parse(reply.text)).toEqual(errorBody(reply.status));
    }
    expect(reply.ms).toBeLessThan(SLOW_MS);
    const created = reply.status === 202 ? (JSON.parse(reply.text) as Record<string, string>) : {};
    const [id] = [created['task_id'] ?? created['analysis_id']];
    if (id !== undefined) {
      // What it would build isn't the question here.
      const kind = name.includes('build') ? 'build' : 'analysis';
      await sendTimed({ method: 'DELETE', path: `/api/${kind}/${id}`, headers: {} }, token);
    }
  }

  async function sendTimed(request: FuzzRequest, token: string): Promise<FuzzReply> {
    let reply = await sendOnce(request, token);
    for (let attempt = 1; reply.ms >= SLOW_MS && attempt < ATTEMPTS; attempt += 1) {
      reply = await sendOnce(request, token);
    }
    return reply;
  }

  function sendOnce(request: FuzzRequest, token: string): Promise<FuzzReply> {
    const { method, path, headers, body } = request;
    const { hostname, port } = new URL(system.url);
    const startedAt = performance.now();
    sent += 1;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        ...{ hostname, port, method, path, agent },
        headers: {
          authorization: `Bearer ${token}`,
          ...headers,
          ...(body && { 'content-length': String(body.length) }),
        },
      });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        const { statusCode: status = 0, headers: received } = response;
        // A stream of events lasts as long as its task does.
        const whole = /event-stream/.test(received['content-type'] ?? '')
          ? Promise.resolve(Buffer.alloc(0)).finally(() => response.destroy())
          : buffer(response);
        whole
          .then((bytes) => ({
            status,
            headers: received,
            text: bytes.toString(),
            ms: performance.now() - startedAt,
          }))
          .then(resolve, reject);
      });
      outgoing.end(body);
    });
  }
});
