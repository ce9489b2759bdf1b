import { z } from 'zod';
import type { User } from './user.js';

export const roleSchema = z.enum(['admin', 'user']);

export type Role = z.infer<typeof roleSchema>;

export const usernameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/)
  .toLowerCase();

/** The upper bound keeps a caller from buying hashing time with megabytes of password. */
export const MAX_PASSWORD_LENGTH = 128;

export const passwordSchema = z
  .string()
  .min(8)
  .max(MAX_PASSWORD_LENGTH)
  // Half a surrogate pair (in JSON: "\ud800") is no text and can't be hashed as it is.
  .refine((password) => password.isWellFormed(), 'Must be valid Unicode');

/** A user without secrets. */
export const userSchema = z.object({
  id: z.uuid(),
  username: z.string(),
  role: roleSchema,
  is_active: z.boolean(),
  created_at: z.iso.datetime(),
});

export type UserBody = z.infer<typeof userSchema>;

export const userListSchema = z.array(userSchema);

/** What an administrator may change; a misspelled field must not look like a change. */
export const userChangeSchema = z.strictObject({
  role: roleSchema.optional(),
  is_active: z.boolean().optional(),
});

export type UserChange = z.infer<typeof userChangeSchema>;

export const userPageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export type UserPage = z.infer<typeof userPageSchema>;

export function toUserBody(user: User): UserBody {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    is_active: user.isActive,
    created_at: user.createdAt.toISOString(),
  };
}
