import { isUtf8 } from 'node:buffer';
import { ApiError } from '../../common/api-error.js';
import { inUnits } from '../../common/in-units.js';
import { checkPath } from './paths.js';

/** The files of a project at one moment: path -> content. No folders, no modes, no links. */
export type SourceTree = ReadonlyMap<string, Buffer>;

export const MAX_FILES = 5_000;
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

/**
 * Refuses a tree that can't be stored, or not be written to a disk again.
 *
 * @param maxBytes Of all files together.
 * @throws ApiError bad_request, payload_too_large
 */
export function refuseUnstorable(files: SourceTree, maxBytes: number): void {
  refuseTooMany(files.size);
  let total = 0;
  for (const [path, content] of files) {
    refusePath(path);
    refuseLargeFile(content.length);
    total += content.length;
  }
  refuseLargeTotal(total, maxBytes);
  refuseClashes(files);
}

/** @throws ApiError bad_request */
export function refusePath(path: string): void {
  const reason = checkPath(path);
  if (reason !== null) {
    throw new ApiError('bad_request', `A path ${reason}`);
  }
}

/** @throws ApiError payload_too_large */
export function refuseTooMany(files: number): void {
  if (files > MAX_FILES) {
    throw new ApiError(
      'payload_too_large',
      `More than ${MAX_FILES} files: leave out dependencies and build output`,
    );
  }
}

/** @throws ApiError payload_too_large */
export function refuseLargeFile(bytes: number): void {
  if (bytes > MAX_FILE_BYTES) {
    throw new ApiError('payload_too_large', `A file is larger than ${inUnits(MAX_FILE_BYTES)}`);
  }
}

/** @throws ApiError payload_too_large */
export function refuseLargeTotal(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw new ApiError(
      'payload_too_large',
      `The files are larger than ${inUnits(maxBytes)} in all`,
    );
  }
}

/** Whether content can be shown and compared line by line. */
export function isText(content: Buffer): boolean {
  return !content.includes(0) && isUtf8(content);
}

/** By code point, as PostgreSQL's `COLLATE "C"` does: the one order of files everywhere. */
export function sortedByPath<T>(entries: Iterable<[string, T]>): [string, T][] {
  return [...entries]
    .map((entry) => ({ entry, key: Buffer.from(entry[0]) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
}

/** `a` and `a/b` can't both be files. */
function refuseClashes(files: SourceTree): void {
  for (const path of files.keys()) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      if (files.has(path.slice(0, end))) {
        throw new ApiError('bad_request', 'A path names both a file and a folder');
      }
    }
  }
}
