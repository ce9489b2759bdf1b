import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { ApiError } from '../../common/api-error.js';
import type { UploadCollector } from './collector.js';
import { codeOf } from '../../common/error-code.js';

const inflate = promisify(inflateRaw);
const STORED = 0;
const DEFLATED = 8;
const UTF8_FLAG = 0x800;
/** Where Unix writes a file's kind and mode. */
const KIND_MASK = 0o170000;
const KINDS = new Set([0, 0o100000, 0o040000]);

/**
 * Reads a zip into a collector. Believes nothing that the archive says of itself: sizes and checksums are those of
 * the bytes that came out.
 *
 * @throws ApiError, or yauzl's and zlib's own errors where it can't be read
 */
export async function readZip(body: Buffer, collector: UploadCollector): Promise<void> {
  const zip = await fromBufferPromise(body, { decodeStrings: false, strictFileNames: true });
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    refuseKind(entry);
    const path = collector.enter(name, name.endsWith('/'), entry.uncompressedSize);
    if (path !== null) {
      collector.add(path, await contentOf(zip, entry, body, collector));
    }
  }
}

/** Finder and others write UTF-8 without the flag that says so. */
function nameOf(entry: Entry): string {
  const flags = entry.generalPurposeBitFlag | (isUtf8(entry.fileNameRaw) ? UTF8_FLAG : 0);
  return getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, true);
}

function refuseKind(entry: Entry): void {
  if (!KINDS.has((entry.externalFileAttributes >>> 16) & KIND_MASK)) {
    throw new ApiError('bad_request', 'The archive has a link or a special file');
  }
  if (entry.isEncrypted()) {
    throw new ApiError('bad_request', 'The archive is encrypted');
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new ApiError('bad_request', 'The archive is compressed by a method other than deflate');
  }
}

async function contentOf(
  zip: ZipFile,
  entry: Entry,
  body: Buffer,
  collector: UploadCollector,
): Promise<Buffer> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = body.subarray(fileDataStart, fileDataStart + entry.compressedSize);
  const content =
    entry.compressionMethod === STORED ? packed : await inflateWithin(packed, collector);
  if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32) {
    throw new ApiError('bad_request', 'The archive is damaged: a checksum does not match');
  }
  return content;
}

async function inflateWithin(packed: Buffer, collector: UploadCollector): Promise<Buffer> {
  const { room } = collector;
  try {
    return await inflate(packed, { maxOutputLength: room + 1 });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') {
      collector.refuseSize(room + 1);
    }
    throw error;
  }
}
