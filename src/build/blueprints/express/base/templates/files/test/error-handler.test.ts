import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { answerProblem } from '../src/http/error-handler.js';

describe('a route that fails', () => {
  const lines: string[] = [];
  const app = express();
  app.get('/before', () => {
    throw new Error('internal detail');
  });
  app.get('/after', (_request, response) => {
    response.write('half');
    throw new Error('internal detail');
  });
  app.use(answerProblem(pino({}, { write: (line: string) => lines.push(line) })));
  const server = createServer(app);
  let url: string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  test('is told to the log, and not to the caller', async () => {
    const answer = await fetch(`${url}/before`);

    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ detail: 'Unexpected error' });
    expect(lines.join('')).toContain('internal detail');
  });

  test('in the middle of its answer is cut off', async () => {
    const answer = fetch(`${url}/after`).then((begun) => begun.text());

    await expect(answer).rejects.toThrow();
  });
});
