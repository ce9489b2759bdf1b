import { ApiError } from '../../common/api-error.js';
import { inUnits } from '../../common/in-units.js';
import { removeManifest } from '../artifacts/manifest.js';
import {
  MAX_FILE_BYTES,
  MAX_FILES,
  refuseLargeFile,
  refuseLargeTotal,
  refusePath,
  refuseTooMany,
  refuseUnstorable,
} from '../snapshots/source-tree.js';

/** Files and folders together. */
export const MAX_ENTRIES = 2 * MAX_FILES;
/** Above this, what unpacks to more than `MAX_RATIO` times its size is a bomb, not source. */
const RATIO_FREE_BYTES = 4 * 1024 * 1024;
const MAX_RATIO = 200;
/** A top folder of such a name is part of the project, not the wrapping of its archive. */
const SOURCE_FOLDERS = new Set(['src', 'lib', 'app', 'test', 'tests']);
/** Any longer name is refused at once: a pattern may take time with the square of its length. */
const MAX_NAME_LENGTH = 1_000;
/** What macOS puts beside the files in a zip. */
const FINDER_FOLDER = '__MACOSX';

/** Takes the entries of one upload as they are read, and refuses the whole of it at the first bad one. */
export class UploadCollector {
  private readonly files = new Map<string, Buffer>();
  private entries = 0;
  private total = 0;
  private readonly maxRatioBytes: number;

  /** @param packedBytes Size of the upload as it came. */
  constructor(
    private readonly maxBytes: number,
    packedBytes: number,
  ) {
    this.maxRatioBytes = Math.max(RATIO_FREE_BYTES, packedBytes * MAX_RATIO);
  }

  /**
   * Announces an entry before its content is read, with the size that the archive claims.
   *
   * @returns its path; `null`: a folder, or nothing of the project's: skip it
   * @throws ApiError
   */
  enter(name: string, isFolder: boolean, claimedBytes: number): string | null {
    this.entries += 1;
    if (this.entries > MAX_ENTRIES) {
      throw new ApiError('payload_too_large', `More than ${MAX_ENTRIES} entries in the archive`);
    }
    if (name.length > MAX_NAME_LENGTH) {
      refusePath(name);
    }
    const relative = name.replace(/^(\.\/+)+/, '');
    const path = isFolder ? relative.replace(/\/+$/, '') : relative;
    if (isFolder && (path === '' || path === '.')) {
      return null;
    }
    refusePath(path);
    if (isFolder || path.startsWith(`${FINDER_FOLDER}/`)) {
      return null;
    }
    refuseTooMany(this.files.size + 1);
    if (this.files.has(path)) {
      throw new ApiError('bad_request', 'A path comes twice');
    }
    this.refuseSize(claimedBytes);
    return path;
  }

  /** Most bytes that the next file may really have. */
  get room(): number {
    return Math.min(MAX_FILE_BYTES, this.maxBytes - this.total, this.maxRatioBytes - this.total);
  }

  /** @throws ApiError */
  add(path: string, content: Buffer): void {
    this.refuseSize(content.length);
    this.total += content.length;
    this.files.set(path, content);
  }

  /** @throws ApiError payload_too_large */
  refuseSize(bytes: number): void {
    refuseLargeFile(bytes);
    refuseLargeTotal(this.total + bytes, this.maxBytes);
    if (this.total + bytes > this.maxRatioBytes) {
      throw new ApiError(
        'payload_too_large',
        `The archive unpacks to more than ${MAX_RATIO} times its size and ${inUnits(RATIO_FREE_BYTES)}`,
      );
    }
  }

  /**
   * The files; where all lie in one folder that only wraps the archive, without it.
   *
   * @param projectName A folder of this name is always such a wrapping: our own archives have it.
   * @throws ApiError
   */
  finish(projectName: string | null): Map<string, Buffer> {
    const files = projectName === null ? this.files : unwrapped(this.files, projectName);
    removeManifest(files);
    if (files.size === 0) {
      throw new ApiError('bad_request', 'The upload has no files');
    }
    refuseUnstorable(files, this.maxBytes);
    return files;
  }
}

function unwrapped(files: Map<string, Buffer>, projectName: string): Map<string, Buffer> {
  const [first = ''] = files.keys();
  const folder = first.slice(0, first.indexOf('/') + 1);
  const name = folder.slice(0, -1);
  const wraps =
    folder !== '' &&
    (name === projectName || !SOURCE_FOLDERS.has(name)) &&
    [...files.keys()].every((path) => path.startsWith(folder));
  return wraps
    ? new Map([...files].map(([path, content]) => [path.slice(folder.length), content]))
    : files;
}
