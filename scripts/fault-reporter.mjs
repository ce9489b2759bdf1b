/** A jest reporter that ends with a table: each harm of the fault suite, and what became of the tasks under way. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { printTable } from './print-table.mjs';

const HEAD = ['harm', 'times', 'accepted', 'finished', 'lost', 'doubled', 'seconds to recover'];

export default class FaultReporter {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'goalsmith-faults-'));
    this.file = join(this.folder, 'table');
    writeFileSync(this.file, '');
    // The suites write to it, in this process and in jest's workers.
    process.env.FAULT_TABLE = this.file;
    process.env.FAULT_SEED ??= String(randomInt(1, 2 ** 31));
  }

  onRunComplete() {
    const rows = readFileSync(this.file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    rmSync(this.folder, { recursive: true, force: true });
    printTable([HEAD, ...rows.map(cellsOf)]);
    process.stdout.write(`FAULT_SEED=${process.env.FAULT_SEED} repeats its random moments.\n`);
  }
}

function cellsOf({ harm, times, accepted, finished, lost, doubled, recoverySeconds }) {
  const counts = [times, accepted, finished, lost, doubled].map(String);
  return [harm, ...counts, recoverySeconds.toFixed(1)];
}
