import { expect, test } from 'vitest';
import { invalidInput } from '../src/invalid-input.js';

test('a problem names each bad field and its rule', () => {
  const error = invalidInput('body', [
    { path: ['items', { key: 0 }, 'name'], message: 'Too long' },
    { message: 'Unknown', path: ['options'], keys: ['colour', 'size'] },
    { message: 'Not an object' },
  ]);

  expect(error.toProblem()).toEqual({
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: 'The input is not valid',
    errors: {
      'body.items.0.name': 'Too long',
      'body.options.colour': 'Unknown',
      'body.options.size': 'Unknown',
      body: 'Not an object',
    },
  });
});
