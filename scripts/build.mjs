/**
 * Compiles the sources and copies the templates to dist, where they have changed. Nothing is written before everything
 * compiles.
 */
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { hashOf, main, readText, root, ScriptError, writeAtomically } from './project.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, '.build-stamp');
const single = ['ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** Whether dist was built from the sources as they are: by size and time, and by content where those differ. */
export function isFresh() {
  const text = readText(stampFile);
  if (text === null) {
    return false;
  }
  const stamp = JSON.parse(text);
  const inputs = listInputs();
  return (
    inputs.length === Object.keys(stamp).length &&
    inputs.every((path) => {
      const entry = stamp[path];
      const { size, mtimeMs } = statSync(join(root, path));
      return (
        entry?.size === size &&
        (entry.mtimeMs === mtimeMs || entry.hash === hashOf(readFileSync(join(root, path))))
      );
    })
  );
}

async function build() {
  if (isFresh()) {
    return;
  }
  // Taken before compiling: what is edited meanwhile makes the build stale, not wrongly fresh.
  const stamp = Object.fromEntries(listInputs().map((path) => [path, describe(path)]));
  const outputs = await compile();
  rmSync(stampFile, { force: true });
  rmSync(dist, { recursive: true, force: true });
  for (const [path, text] of outputs) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  for (const path of Object.keys(stamp).filter(isTemplate)) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    copyFileSync(join(root, path), join(dist, path));
  }
  // Last: a build that was cut off has no stamp and is made again.
  writeAtomically(stampFile, JSON.stringify(stamp));
}

/** As `tsc -p tsconfig.build.json`, with the outputs kept in memory until all of them are good. */
async function compile() {
  const { default: ts } = await import('typescript');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.build.json'),
    { outDir: dist },
    host,
  );
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options });
  const outputs = new Map();
  const { diagnostics } = program.emit(undefined, (path, text) => outputs.set(path, text));
  const problems = [...config.errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    const format = {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    };
    console.error(ts.formatDiagnostics(problems, format));
    throw new ScriptError(`The build failed: ${problems.length} errors, listed above.`);
  }
  return outputs;
}

function describe(path) {
  const { size, mtimeMs } = statSync(join(root, path));
  return { size, mtimeMs, hash: hashOf(readFileSync(join(root, path))) };
}

function listInputs() {
  const inputs = single.filter((path) => readText(join(root, path)) !== null);
  for (const folder of ['src', 'migrations']) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
      const path = relative(root, join(entry.parentPath ?? entry.path, entry.name));
      if (entry.isFile() && (isTemplate(path) || /(?<!\.spec|\.contract)\.ts$/.test(path))) {
        inputs.push(path);
      }
    }
  }
  return inputs;
}

function isTemplate(path) {
  return path.split(sep).slice(0, -1).includes('templates');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(build);
}
