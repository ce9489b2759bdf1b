import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TOOLCHAIN_DIR } from './system.js';

const run = promisify(execFile);

/** The document's own request for a build. */
export const DOCUMENTED_BUILD = {
  project_name: 'my-project',
  goal: 'Add authentication module with JWT support',
  parameters: { framework: 'fastapi', database: 'postgresql', include_tests: true },
};

/** The same on SQLite without tests: types, lint and smoke start only, for tests that need just any build. */
export const QUICK_BUILD = {
  project_name: 'quick',
  goal: 'Add authentication module with JWT',
  parameters: { framework: 'fastapi', include_tests: false },
};

/** With its tests: takes some seconds everywhere, for tests that catch a build while it runs. */
export const LONG_BUILD = { ...QUICK_BUILD, parameters: { framework: 'fastapi' } };

export interface BuildView {
  task_id: string;
  project_name: string;
  status: string;
  progress: number;
  created_at: string;
  created_by: string;
  goal: string;
  results: BuildResults | null;
  error: string | null;
  stopped_in_ms: number | null;
}

export interface BuildResults {
  generated_files: string[];
  tests_passed: number | null;
  tests_failed: number | null;
  test_coverage: number | null;
  type_errors: number | null;
  lint_errors: number | null;
  checks: {
    name: string;
    command: string;
    passed: boolean;
    exit_status: number | null;
    duration_ms: number;
    report: Record<string, unknown>;
  }[];
  engine: string;
  notes: string[];
}

/** `python` of the toolchain that the product made last: after a change of its requirements there are several. */
export async function toolchainPython(): Promise<string> {
  const names = (await readdir(TOOLCHAIN_DIR)).filter((name) => name.startsWith('python-'));
  const made = await Promise.all(
    names.map(async (name) => {
      const { mtimeMs } = await stat(join(TOOLCHAIN_DIR, name, 'complete.json'));
      return { name, mtimeMs };
    }),
  );
  const [newest] = made.sort((a, b) => b.mtimeMs - a.mtimeMs);
  return join(TOOLCHAIN_DIR, newest?.name ?? '', 'bin', 'python');
}

/** Unpacks a downloaded archive with a program that is not ours. @returns the folder */
export async function unpack(
  archive: Buffer,
  format: 'zip' | 'tar.gz',
  folder: string,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `archive.${format}`);
  const target = join(folder, 'unpacked');
  await writeFile(file, archive);
  const module = format === 'zip' ? 'zipfile' : 'tarfile';
  await run(await toolchainPython(), ['-m', module, '-e', file, target]);
  return target;
}

/** Runs a project's own tests as its README says, outside the product. @returns how many passed */
export async function runPytest(project: string): Promise<number> {
  const { stdout } = await run(await toolchainPython(), ['-m', 'pytest', '-q'], {
    cwd: project,
    env: { PATH: process.env['PATH'] },
  });
  expect(stdout).not.toMatch(/\b(failed|error|skipped|deselected)\b/);
  return Number(/\b(\d+) passed\b/.exec(stdout)?.[1]);
}
