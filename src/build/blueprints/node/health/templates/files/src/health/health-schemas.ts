import { z } from 'zod';

/** The answer of a probe that passes. */
export const healthSchema = z.object({ status: z.literal('ok') });

export type Health = z.infer<typeof healthSchema>;
