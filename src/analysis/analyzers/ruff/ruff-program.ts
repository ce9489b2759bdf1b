import { createRequire } from 'node:module';
import type * as Ruff from '@astral-sh/ruff-wasm-nodejs';
import { answerForSources } from '../process/program-channel.js';
import { readRuffDiagnostics } from './ruff-report.js';
import { RUFF_SETTINGS } from './ruff-settings.js';

const PACKAGE = '@astral-sh/ruff-wasm-nodejs';
const require = createRequire(import.meta.url);

/** Anew each time: what has once trapped has lost its stack, or worse. */
function loadRuff() {
  delete require.cache[require.resolve(PACKAGE)];
  const ruff = require(PACKAGE) as typeof Ruff;
  // Columns count characters.
  return new ruff.Workspace(RUFF_SETTINGS, ruff.PositionEncoding.Utf32);
}

let workspace = loadRuff();

/** Ruff, compiled to WebAssembly: it blocks its process, which is why it has one. */
answerForSources(() => (path, text) => {
  let answer: unknown;
  try {
    answer = workspace.check(text);
  } catch {
    workspace = loadRuff();
    return { findings: [], skipped: 'The engine broke on it' };
  }
  return { findings: readRuffDiagnostics(path, answer, text), skipped: null };
});
