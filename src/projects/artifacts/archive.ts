import { setImmediate as nextTurn } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import { sortedByPath, type SourceTree } from '../snapshots/source-tree.js';

export const ARCHIVE_FORMATS = ['zip', 'tar.gz'] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

const compress = promisify(gzip);
/** yazl writes local time, and a zip knows none before 1980: built from local parts, it is the same everywhere. */
const ZIP_TIME = new Date(1980, 0, 1);
const TAR_TIME = new Date('1980-01-01T00:00:00Z');
/** Where gzip's header names the operating system; 255 says nothing. */
const GZIP_OS_BYTE = 9;
/** Bytes whose checksum is computed in one turn of the event loop: about 5 ms. */
const BYTES_PER_TURN = 2 * 1024 * 1024;

/**
 * Packs files under one folder. The same files give the same bytes, whatever their order, the clock or the time zone
 * (and, as long as Node brings the same zlib, the machine).
 *
 * @param folder Name of the folder that holds everything: a project's name.
 */
export function createArchive(
  format: ArchiveFormat,
  folder: string,
  files: SourceTree,
): Promise<Buffer> {
  return format === 'zip' ? createZip(folder, files) : createTarGz(folder, files);
}

async function createZip(folder: string, files: SourceTree): Promise<Buffer> {
  const zip = new ZipFile();
  let bytes = 0;
  for (const [path, content] of sortedByPath(files)) {
    zip.addBuffer(content, `${folder}/${path}`, {
      mtime: ZIP_TIME,
      forceDosTimestamp: true,
      mode: 0o100000 | modeOf(content),
    });
    bytes += content.length;
    if (bytes > BYTES_PER_TURN) {
      bytes = 0;
      await nextTurn();
    }
  }
  zip.end();
  return buffer(zip.outputStream);
}

async function createTarGz(folder: string, files: SourceTree): Promise<Buffer> {
  const tar = pack();
  for (const [path, content] of sortedByPath(files)) {
    tar.entry({ name: `${folder}/${path}`, mtime: TAR_TIME, mode: modeOf(content) }, content);
  }
  tar.finalize();
  const archive = await compress(await buffer(tar));
  archive[GZIP_OS_BYTE] = 255;
  return archive;
}

/** Snapshots keep no modes; a script that names its interpreter is meant to be run. */
function modeOf(content: Buffer): number {
  return content.subarray(0, 2).toString('latin1') === '#!' ? 0o755 : 0o644;
}
