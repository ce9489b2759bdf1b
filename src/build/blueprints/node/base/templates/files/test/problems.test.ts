import { describe, expect, test } from 'vitest';
import { ProblemError, toProblemError } from '../src/problems.js';
import { useService } from './client.js';

describe('a service', () => {
  const client = useService();

  test('answers an unknown path with a problem', async () => {
    const answer = await client.get('/nowhere');

    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'Not Found',
    });
  });

  test('sends the usual security headers', async () => {
    const { headers } = await client.get('/health/live');

    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.has('content-security-policy')).toBe(true);
    expect(headers.has('x-powered-by')).toBe(false);
  });
});

describe('a failure', () => {
  test('of our own is told as it is', () => {
    const error = new ProblemError(409, 'Too late', { headers: { 'Retry-After': '9' } });

    expect(error.headers).toEqual({ 'Retry-After': '9' });
    expect(error.toProblem()).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Too late',
    });
    expect(toProblemError(error)).toBe(error);
  });

  test('of a parser keeps its status and loses its text', () => {
    const error = Object.assign(new Error('internal detail'), { status: 413 });

    expect(toProblemError(error)).toMatchObject({ status: 413, detail: 'Payload Too Large' });
  });

  test.each([new Error('internal detail'), 'thrown text', { status: 400 }])(
    'that nobody foresaw tells the caller nothing: %s',
    (error) => {
      expect(toProblemError(error)).toMatchObject({ status: 500, detail: 'Unexpected error' });
    },
  );

  test('without a known status still has a title', () => {
    expect(new ProblemError(499, 'Gone away').toProblem().title).toBe('Error');
  });
});
