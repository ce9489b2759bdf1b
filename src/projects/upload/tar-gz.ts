import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { ApiError } from '../../common/api-error.js';
import { inUnits } from '../../common/in-units.js';
import { MAX_ENTRIES, type UploadCollector } from './collector.js';

/** Header, padding and an extended header of one entry; with it, every legitimate archive fits. */
const OVERHEAD_BYTES = 2048;

/**
 * Reads a gzipped tar into a collector, as a stream: what follows the first bad entry is never unpacked.
 *
 * @throws ApiError, or zlib's and tar-stream's own errors where it can't be read
 */
export async function readTarGz(
  body: Buffer,
  maxBytes: number,
  collector: UploadCollector,
): Promise<void> {
  const entries = extract();
  const unpacking = pipeline(
    Readable.from([body]),
    createGunzip(),
    limitedTo(maxBytes + MAX_ENTRIES * OVERHEAD_BYTES),
    entries,
  );
  // The loop meets the same error, or is what ended the pipeline.
  unpacking.catch(() => undefined);
  for await (const entry of entries) {
    const path = enter(entry.header, collector);
    const content = await buffer(entry);
    if (path !== null) {
      collector.add(path, content);
    }
  }
  await unpacking;
}

/** Counts the bytes that really come out, headers and skipped entries included. */
function limitedTo(maxBytes: number) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let total = 0;
    for await (const chunk of source) {
      total += chunk.length;
      if (total > maxBytes) {
        throw new ApiError(
          'payload_too_large',
          `The archive unpacks to more than ${inUnits(maxBytes)}`,
        );
      }
      yield chunk;
    }
  };
}

function enter({ name, type, size }: Header, collector: UploadCollector): string | null {
  const isFolder = type === 'directory';
  if (!isFolder && type !== 'file' && type !== 'contiguous-file') {
    throw new ApiError('bad_request', 'The archive has a link or a special file');
  }
  return collector.enter(name, isFolder, size);
}
