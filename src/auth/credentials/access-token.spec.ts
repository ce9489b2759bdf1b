import { readClaims, sessionIdOf, tokenIdOf } from './access-token.js';

const sessionId = '550e8400-e29b-41d4-a716-446655440000';
const header = { alg: 'HS256', typ: 'JWT' };
const payload = {
  sub: 'alice',
  role: 'user',
  permissions: ['build:read'],
  iat: 1_707_113_000,
  exp: 1_707_200_400,
  jti: `${sessionId}.abcdefghijkl`,
};

describe(readClaims.name, () => {
  it('reads what this server signs', () => {
    expect(readClaims({ header, payload })).toEqual(payload);
  });

  it.each([
    ['another algorithm', { header: { ...header, alg: 'HS512' } }],
    ['critical extensions', { header: { ...header, crit: ['b64'] } }],
    ['an object as subject', { payload: { ...payload, sub: { toString: 'alice' } } }],
    ['no end', { payload: { ...payload, exp: undefined } }],
    ['an end as text', { payload: { ...payload, exp: '1707200400' } }],
    ['no id', { payload: { ...payload, jti: undefined } }],
    ['an id without session', { payload: { ...payload, jti: 'abc' } }],
    ['an unknown role', { payload: { ...payload, role: 'root' } }],
    ['unknown permissions', { payload: { ...payload, permissions: ['*'] } }],
    ['an audience', { payload: { ...payload, aud: 'others' } }],
    ['an issuer', { payload: { ...payload, iss: 'others' } }],
    ['a later beginning', { payload: { ...payload, nbf: 1 } }],
    ['text', { payload: 'alice' }],
  ])('refuses %s', (_, changed) => {
    expect(readClaims({ header, payload, ...changed })).toBeNull();
  });
});

describe(tokenIdOf.name, () => {
  it('is unique and leads back to the session', () => {
    const ids = [tokenIdOf(sessionId), tokenIdOf(sessionId)];
    expect(new Set(ids).size).toBe(2);
    const claims = readClaims({ header, payload: { ...payload, jti: ids[0] } });
    expect(claims && sessionIdOf(claims)).toBe(sessionId);
  });
});
