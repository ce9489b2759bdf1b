import type { z } from 'zod';
import { MalformedReport } from './check.js';

/** How many findings of a kind go into the results; their number is always the whole one. */
export const MAX_FINDINGS = 50;

/** A tool's JSON. @throws MalformedReport where it isn't what the tool writes. */
export function parseReport<T>(schema: z.ZodType<T>, text: string, tool: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new MalformedReport(`No readable report from ${tool}`, { cause: error });
  }
}

/** The end of what a tool said, for a message. */
export function tail(output: Buffer): string {
  return output.toString('utf8').trim().slice(-500);
}
