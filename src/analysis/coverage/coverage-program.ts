import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { reportLine } from '../analyzers/process/program-channel.js';
import { findCoverage } from './find-coverage.js';
import { INDEX_FILE } from './report-files.js';

/** Which file of the tree each numbered file is, and what coverage is asked of. */
const index = z.object({ files: z.array(z.string()), sourcePaths: z.array(z.string()) });

/** Reads coverage reports, which are as hostile as the code, in a process of its own. */
const { files, sourcePaths } = index.parse(JSON.parse(readFileSync(INDEX_FILE, 'utf8')));
const tree = new Map(files.map((path, number) => [path, readFileSync(String(number))]));
reportLine(findCoverage(tree, sourcePaths));
