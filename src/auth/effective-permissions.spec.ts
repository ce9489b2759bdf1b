import { effectivePermissions } from './effective-permissions.js';
import { PERMISSIONS } from './principal.js';

describe(effectivePermissions.name, () => {
  it.each([
    ['those of the role', 'user', null, undefined, PERMISSIONS],
    ['those of a viewer', 'viewer', null, undefined, ['build:read', 'analysis:read']],
    ['fewer where the user has their own', 'user', ['build:read'], undefined, ['build:read']],
    ['none where the user has none', 'admin', [], undefined, []],
    ['no more than the role', 'viewer', ['build:create', 'build:read'], undefined, ['build:read']],
    ['the scope of a key', 'user', null, ['build:read'], ['build:read']],
    ['no more than the user has', 'user', ['build:read'], ['build:create'], []],
    ['nothing unknown', 'user', ['build:read', 'root'], ['build:read', 'root'], ['build:read']],
  ] as const)('gives %s', (_, role, own, scope, expected) => {
    expect(effectivePermissions(role, own, scope)).toEqual(expected);
  });
});
