import { redact } from './app-logger.js';

describe(redact.name, () => {
  it.each([
    ['GET /api/ws/build/1?token=abc.def', 'GET /api/ws/build/1?token=***'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer ***'],
    ['jwt eyJhbGciOi.eyJzdWIi.c2ln here', 'jwt *** here'],
    ['key gsk_0123456789abcdef', 'key ***'],
    [
      'connect postgres://app:hunter2@db:5432/x failed',
      'connect postgres://app:***@db:5432/x failed',
    ],
    ['a'.repeat(40) + '+tls://app:hunter2@db', 'a'.repeat(40) + '+tls://app:***@db'],
    ['x'.repeat(40) + '://app:hunter2@db', 'x'.repeat(40) + '://app:***@db'],
    ['{"password":"hunter2","username":"al"}', '{"password":"***","username":"al"}'],
    ['Task 7 started', 'Task 7 started'],
  ])('%s', (line, expected) => {
    expect(redact(line)).toBe(expected);
  });
});
