import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { SEED } from './fault-form.js';
import type { Tally } from './invariants.js';

/** What one harm did to the tasks that were under way. */
export interface FaultRow extends Tally {
  harm: string;
  /** How often it was done. */
  times: number;
  /** From the harm to the first work after it, or to the end of the last task: the case says which. The worst of all. */
  recoverySeconds: number;
}

/** One row of the table at the end of `npm run test:faults`; without its reporter, a line of output. */
export function tellOutcome(row: FaultRow): void {
  const file = process.env['FAULT_TABLE'];
  if (file !== undefined) {
    appendFileSync(file, `${JSON.stringify({ ...row, seed: SEED })}\n`);
    return;
  }
  process.stdout.write(
    `${row.harm}: ${row.accepted} accepted, ${row.finished} finished, ${row.lost} lost, ${row.doubled} doubled, ` +
      `${row.recoverySeconds.toFixed(1)} s to recover (seed ${SEED})\n`,
  );
}
