import { execFile } from 'node:child_process';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from '../common/error-code.js';

const run = promisify(execFile);

export interface PythonInterpreter {
  /** The real program, after every shim and link. */
  executable: string;
  /** `3.11.2` */
  version: string;
  /** Where its standard library lies. */
  prefix: string;
}

/** Why no Python can be used, and what to do about it. */
export class NoPython extends Error {
  override name = 'NoPython';
}

const PROBE = `
import sys, json
try:
    import venv, ensurepip
    has_venv = True
except ImportError:
    has_venv = False
print(json.dumps([sys.executable, list(sys.version_info[:3]), sys.base_prefix, has_venv]))`;

/**
 * The first Python that can verify code: 3.10 or later, with venv, and readable for the sandbox's user (one below
 * root's home is not).
 *
 * @param named The setting PYTHON: then no other is tried.
 * @throws NoPython
 */
export async function findPython(
  named: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<PythonInterpreter> {
  const refusals: string[] = [];
  for (const candidate of named ? [named] : candidates(env)) {
    const found = await probe(candidate, env);
    if (typeof found !== 'string') {
      return found;
    }
    if (found) {
      refusals.push(found);
    }
  }
  const nothing = named ? `PYTHON=${named} does not exist` : 'no python3 was found';
  const why = [...new Set(refusals)].join('; ') || nothing;
  throw new NoPython(
    `No Python can check code: ${why}. Install Python 3.10 or later with venv ` +
      `(Debian: apt install python3-venv), or name ${named ? 'another' : 'one'} with PYTHON`,
  );
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  return names.flatMap((name) => folders.filter(Boolean).map((folder) => join(folder, name)));
}

/** A reason where it doesn't do; an empty one where there is nothing of that name. */
async function probe(program: string, env: NodeJS.ProcessEnv): Promise<PythonInterpreter | string> {
  try {
    const path = program.includes('/') ? program : await which(program, env);
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['-I', '-c', PROBE], { timeout: 10_000 });
    const [executable, version, prefix, hasVenv] = JSON.parse(stdout) as [
      string,
      [number, number, number],
      string,
      boolean,
    ];
    const real = await realpath(executable);
    const name = `${executable} (${version.join('.')})`;
    if (version[0] !== 3 || version[1] < 10) {
      return `${name} is older than 3.10`;
    }
    if (!hasVenv) {
      return `${name} has no venv`;
    }
    if (process.getuid?.() === 0 && !(await isOpenToAll(real, prefix))) {
      return `${name} can't be read by the sandbox's user`;
    }
    return { executable: real, version: version.join('.'), prefix };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? '' : `${program} does not run`;
  }
}

async function which(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    ) {
      return path;
    }
  }
  return name;
}

/** Whether every folder on the way may be entered by everybody. */
async function isOpenToAll(...paths: string[]): Promise<boolean> {
  for (const path of paths) {
    for (let current = path; ; current = dirname(current)) {
      if (((await stat(current)).mode & 0o005) !== 0o005) {
        return false;
      }
      if (current === dirname(current)) {
        break;
      }
    }
  }
  return true;
}
