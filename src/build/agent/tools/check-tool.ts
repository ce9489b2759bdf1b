import { z } from 'zod';
import { describeOutcomes } from './check-texts.js';
import { defineTool, type Tool } from './tool.js';
import { cutText } from '../storable.js';
import type { Verification } from '../../verify/verifier.js';
import type { CheckName } from '../../verify/check.js';

const CHECK_NAMES = ['types', 'lint', 'format', 'tests', 'smoke'] as const satisfies CheckName[];
const MAX_ANSWER = 24_000;

/** Lets a model run the checks on its files as they are. */
export function checkTool(run: (only: CheckName[]) => Promise<Verification>): Tool {
  return defineTool(
    'Runs the checks on the files as they are now and answers with their reports. Without names: all of them.',
    z.object({ checks: z.array(z.enum(CHECK_NAMES)).optional() }),
    async ({ checks }) => {
      const verification = await run(checks ?? []);
      if (verification.checks.length === 0) {
        return 'This project has no such check';
      }
      return cutText(describeOutcomes(verification.checks), MAX_ANSWER);
    },
  );
}
