import { z } from 'zod';
import { MAX_PASSWORD_LENGTH, passwordSchema, usernameSchema } from '../users/user-schemas.js';

/** A new account. */
export const registrationSchema = z.object({ username: usernameSchema, password: passwordSchema });

export type Registration = z.infer<typeof registrationSchema>;

export const loginSchema = z.object({
  username: usernameSchema,
  password: z.string().max(MAX_PASSWORD_LENGTH),
});

export type Login = z.infer<typeof loginSchema>;

export const refreshSchema = z.object({ refresh_token: z.string().max(4_096) });

export type Refresh = z.infer<typeof refreshSchema>;

/** An access token for requests, and a refresh token for the next pair. */
export const tokenPairSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  /** Seconds that the access token has left. */
  expires_in: z.int(),
});

export type TokenPair = z.infer<typeof tokenPairSchema>;
