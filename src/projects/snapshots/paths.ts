/** Longest path, in bytes: every archive format and file system of today holds it under a folder of its own. */
const MAX_PATH_BYTES = 400;
/** Longest name of one file or folder, in bytes: the limit of ext4, APFS and NTFS. */
const MAX_SEGMENT_BYTES = 255;
const MAX_DEPTH = 32;

/** Control characters, lone surrogates, and what a decoder puts where bytes were no UTF-8. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\uFFFD]/u;
const DRIVE = /^[A-Za-z]:/;
/**
 * What Git takes for `.git` on Windows and on macOS, too: its hooks would run there. As in Git's own `verify_path`:
 * any case, dots and spaces at the end, the short name of DOS, a stream of NTFS, code points that HFS+ ignores.
 */
const GIT_FOLDER = /^(\.git|git~1)[. ]*(:.*)?$/i;
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Why a path may not be that of a source file, as the end of a sentence ("A path …"); `null`: it may.
 *
 * What passes stays inside the folder it is written to, on every system, and is never read as Git's own data.
 */
export function checkPath(path: string): string | null {
  if (path === '') {
    return 'is empty';
  }
  if (UNWRITABLE.test(path)) {
    return 'has control characters or is not UTF-8';
  }
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    return `is longer than ${MAX_PATH_BYTES} bytes`;
  }
  if (path.includes('\\')) {
    return 'has a backslash';
  }
  if (path.startsWith('/') || DRIVE.test(path)) {
    return 'is absolute';
  }
  const segments = path.split('/');
  if (segments.length > MAX_DEPTH) {
    return `is more than ${MAX_DEPTH} folders deep`;
  }
  return segments.map(checkSegment).find((reason) => reason !== null) ?? null;
}

function checkSegment(segment: string): string | null {
  if (segment === '..') {
    return 'leads out of its folder (..)';
  }
  if (segment === '' || segment === '.') {
    return 'has an empty segment or one that is a single dot';
  }
  if (GIT_FOLDER.test(segment.replace(IGNORED_BY_HFS, ''))) {
    return 'lies in a .git folder: leave that out';
  }
  return Buffer.byteLength(segment) > MAX_SEGMENT_BYTES
    ? `has a name longer than ${MAX_SEGMENT_BYTES} bytes`
    : null;
}
