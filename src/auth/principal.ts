export const ROLES = ['admin', 'user', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'build:create',
  'build:read',
  'build:cancel',
  'analysis:create',
  'analysis:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a role may do where the user has no permissions of their own. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  admin: PERMISSIONS,
  user: PERMISSIONS,
  viewer: ['build:read', 'analysis:read'],
};

/** Who makes a request, with role and permissions as they stand in the database now. */
export interface Principal {
  username: string;
  role: Role;
  permissions: ReadonlySet<Permission>;
  /** The login that the token belongs to; `null`: an API key. */
  sessionId: string | null;
  /** When the token stops to hold; `null`: a key without an end. */
  expiresAt: Date | null;
}

/** Admins act for everybody; everybody else for themselves. */
export function mayChange(principal: Principal, owner: string): boolean {
  return principal.role === 'admin' || principal.username === owner;
}

/** Viewers are auditors: they read what everybody made, and change nothing. */
export function mayRead(principal: Principal, owner: string): boolean {
  return principal.role === 'viewer' || mayChange(principal, owner);
}
