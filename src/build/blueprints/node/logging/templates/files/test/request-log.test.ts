import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { requestLog } from '../src/request-log.js';
import { useService } from './client.js';

const lineSchema = z.object({
  level: z.number(),
  req: z.object({ id: z.string(), url: z.string() }),
  res: z.object({ statusCode: z.number() }),
});

describe('the log of requests', () => {
  const lines: string[] = [];
  const log = requestLog(pino({}, { write: (line: string) => lines.push(line) }));
  const server = createServer((request, response) => {
    log(request, response);
    response.writeHead(request.url === '/broken' ? 500 : 200).end();
  });
  let url: string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  test.each([
    ['/fine', 200, 30],
    ['/broken', 500, 50],
  ])('has a line for %s with status %i and level %i', async (path, statusCode, level) => {
    lines.length = 0;
    const answer = await fetch(`${url}${path}`);

    const line = await vi.waitFor(() => lineSchema.parse(JSON.parse(lines.join(''))));

    expect(line).toEqual({
      level,
      req: { id: answer.headers.get('x-request-id'), url: path },
      res: { statusCode },
    });
  });
});

describe('a request id', () => {
  const client = useService();

  async function idFor(given: string): Promise<string | null> {
    const answer = await client.get('/health/live', { headers: { 'X-Request-Id': given } });
    return answer.headers.get('x-request-id');
  }

  test("is the caller's own", async () => {
    expect(await idFor('trace-1.2_3')).toBe('trace-1.2_3');
  });

  test.each(['two words', 'x'.repeat(65), '{"injected":1}'])('is never %j', async (given) => {
    expect(await idFor(given)).toMatch(/^[0-9a-f-]{36}$/);
  });
});
