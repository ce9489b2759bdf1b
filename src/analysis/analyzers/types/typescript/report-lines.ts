import { z } from 'zod';
import type { FileResult } from './check-project.js';

/** What the engine's process writes, line by line. */
export type ProgramLine = FileResult | { end: true };

const line: z.ZodType<ProgramLine> = z.union([
  z.object({
    file: z.string(),
    errors: z.array(
      z.object({
        file: z.string(),
        line: z.number(),
        column: z.number(),
        endLine: z.number(),
        code: z.number(),
        message: z.string(),
      }),
    ),
    skipped: z.string().nullable(),
  }),
  z.object({ end: z.literal(true) }),
]);

/** @throws where it is no such line */
export function readProgramLine(text: string): ProgramLine {
  return line.parse(JSON.parse(text));
}
