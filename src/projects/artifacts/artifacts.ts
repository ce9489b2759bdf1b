import { Injectable, StreamableFile } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApiError } from '../../common/api-error.js';
import { createArchive, type ArchiveFormat } from './archive.js';
import { attachment } from './attachment.js';
import { unifiedDiff } from './diff.js';
import { manifestOf, withManifest } from './manifest.js';
import { FileList } from '../projects.dto.js';
import { SnapshotStore } from '../snapshots/snapshot-store.js';
import { isText } from '../snapshots/source-tree.js';

/** Source is shown as text whatever it is: a browser must never run an HTML file of a user's as ours. */
const TEXT = 'text/plain; charset=utf-8';
const BINARY = 'application/octet-stream';
const ARCHIVE_TYPES: Record<ArchiveFormat, string> = {
  zip: 'application/zip',
  'tar.gz': 'application/gzip',
};
/** Each holds a whole snapshot, or two, in memory. */
const SIDE_BY_SIDE = 2;

/** A snapshot as clients get it: list, single file, archive, diff. Whether they may is the caller's to decide. */
@Injectable()
export class Artifacts {
  private readonly slots = pLimit(SIDE_BY_SIDE);

  constructor(private readonly store: SnapshotStore) {}

  async files(snapshotId: string): Promise<FileList> {
    const files = await this.store.list(snapshotId);
    return { snapshot: snapshotId, total: files.length, files };
  }

  /** The SHA-256 of each file, for `sha256sum -c`: the same as in the archives. */
  async manifest(snapshotId: string): Promise<StreamableFile> {
    const manifest = manifestOf(await this.store.list(snapshotId));
    return new StreamableFile(Buffer.from(manifest), { type: TEXT });
  }

  /** @throws ApiError not_found */
  async file(snapshotId: string, path: string): Promise<StreamableFile> {
    const content = await this.store.readFile(snapshotId, path);
    if (!content) {
      throw new ApiError('not_found', 'File not found');
    }
    const name = path.slice(path.lastIndexOf('/') + 1);
    return isText(content)
      ? new StreamableFile(content, { type: TEXT })
      : new StreamableFile(content, { type: BINARY, disposition: attachment(name) });
  }

  /** @param name The project's: of the file and of the folder in it. */
  archive(snapshotId: string, name: string, format: ArchiveFormat): Promise<StreamableFile> {
    return this.slots(async () => {
      const files = withManifest(await this.store.read(snapshotId));
      const archive = await createArchive(format, name, files);
      return new StreamableFile(archive, {
        type: ARCHIVE_TYPES[format],
        disposition: attachment(`${name}.${format}`),
      });
    });
  }

  /** @param before `null`: compared with nothing. */
  diff(before: string | null, after: string): Promise<StreamableFile> {
    return this.slots(async () => {
      const old = before === null ? new Map<string, Buffer>() : await this.store.read(before);
      const diff = await unifiedDiff(old, await this.store.read(after));
      return new StreamableFile(Buffer.from(diff), { type: TEXT });
    });
  }
}
