import type { Role } from './user-schemas.js';

/** Somebody who may log in. */
export interface User {
  id: string;
  username: string;
  passwordHash: string;
  role: Role;
  isActive: boolean;
  createdAt: Date;
}

export type NewUser = Pick<User, 'username' | 'passwordHash' | 'role'>;
