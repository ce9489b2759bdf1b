import { createHash } from 'node:crypto';
import { sortedByPath, type SourceTree } from '../snapshots/source-tree.js';

/** Lies beside a project's files in each archive, and is none of them. */
const MANIFEST_NAME = 'MANIFEST.sha256';

/** `sha256sum` skips it; what comes back with it in an upload is no source. */
const HEAD = `# Checked by: sha256sum -c ${MANIFEST_NAME}\n`;

/** The SHA-256 of each file, as `sha256sum -c` reads it, by path. */
export function manifestOf(files: { path: string; sha256: string }[]): string {
  return HEAD + files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

/** A tree with its manifest, unless it has a file of that name. */
export function withManifest(files: SourceTree): SourceTree {
  if (files.has(MANIFEST_NAME)) {
    return files;
  }
  const hashed = sortedByPath(files).map(([path, content]) => ({
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return new Map([...files, [MANIFEST_NAME, Buffer.from(manifestOf(hashed))]]);
}

/** Takes off what `withManifest` added; a file of the user's that bears the name stays. */
export function removeManifest(files: Map<string, Buffer>): void {
  if (files.get(MANIFEST_NAME)?.subarray(0, HEAD.length).equals(Buffer.from(HEAD))) {
    files.delete(MANIFEST_NAME);
  }
}
