import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NestLogger } from '../src/core/nest-logger.js';
import { ProblemFilter } from '../src/http/problem-filter.js';

@Controller()
class FailingController {
  @Get('before')
  before(): never {
    throw new Error('internal detail');
  }

  @Get('after')
  after(@Res() response: Response): never {
    response.write('half');
    throw new Error('internal detail');
  }
}

@Module({ controllers: [FailingController] })
class FailingModule {}

describe('a route that fails', () => {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    app = await NestFactory.create<NestExpressApplication>(FailingModule, {
      logger: new NestLogger(logger),
    });
    app.useGlobalFilters(new ProblemFilter(logger));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(() => app.close());

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

test('what Nest says goes to the log, each with its level', () => {
  const lines: string[] = [];
  const logger = new NestLogger(
    pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
  );

  logger.log('started', 'Here');
  logger.warn('careful', 'Here');
  logger.error('broken', 'stack', 'Here');

  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 20, msg: 'started', context: 'Here' }),
    expect.objectContaining({ level: 40, msg: 'careful', context: 'Here' }),
    expect.objectContaining({ level: 50, msg: 'broken', stack: 'stack', context: 'Here' }),
  ]);
});
