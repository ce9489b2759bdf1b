import { accessSync, constants } from 'node:fs';

/** Full path of a system program, or `null`. The server's own PATH is not asked: these run before privileges drop. */
export function findProgram(name: string): string | null {
  for (const folder of ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']) {
    const path = `${folder}/${name}`;
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; `null` tells the caller that it is nowhere.
    }
  }
  return null;
}

/** As `findProgram`. @throws when it isn't installed. */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === null) {
    throw new Error(`${name} is not installed`);
  }
  return path;
}
