import { PERMISSIONS, ROLE_PERMISSIONS, type Permission, type Role } from './principal.js';

/**
 * What a user may do now, in the order of `PERMISSIONS`.
 *
 * A user's own permissions and a key's scope only ever narrow what the role allows: a viewer with `build:create` in
 * its row still creates nothing.
 *
 * @param own Those of the user's row; `null`: all of the role.
 * @param scope Those of an API key.
 */
export function effectivePermissions(
  role: Role,
  own: readonly string[] | null,
  scope?: readonly string[],
): Permission[] {
  return PERMISSIONS.filter(
    (permission) =>
      ROLE_PERMISSIONS[role].includes(permission) &&
      (own?.includes(permission) ?? true) &&
      (scope?.includes(permission) ?? true),
  );
}
