import { readTree, reportLine } from '../../process/program-channel.js';
import { checkTree } from './check-tree.js';
import type { ProgramLine } from './report-lines.js';

/** The engine's process: checks the files in its working folder; one line of JSON a file, and one at the end. */
for (const result of checkTree(readTree())) {
  write(result);
}
write({ end: true });

function write(line: ProgramLine): void {
  reportLine(line);
}
