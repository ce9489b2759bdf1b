import { readTree, reportLine } from '../process/program-channel.js';
import { findDuplicates } from './find-duplicates.js';

/** The engine's process: compares the files in its working folder and writes one JSON document. */
reportLine(findDuplicates(readTree()));
