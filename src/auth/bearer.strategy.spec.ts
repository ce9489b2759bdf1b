import type { Request } from 'express';
import { bearerToken } from './bearer.strategy.js';

const from = (authorization?: string) => bearerToken({ headers: { authorization } } as Request);

describe(bearerToken.name, () => {
  it.each(['Bearer a.b-c_d', 'bearer a.b-c_d', 'BEARER   a.b-c_d '])('reads %j', (header) => {
    expect(from(header)).toBe('a.b-c_d');
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic YTpi', 'a.b.c', 'Bearer a,b'])(
    'takes %j as no token',
    (header) => {
      expect(from(header)).toBeUndefined();
    },
  );
});
