import { ApiError } from '../../common/api-error.js';
import { UploadCollector } from './collector.js';
import { readJson } from './json.js';
import { readTarGz } from './tar-gz.js';
import { readZip } from './zip.js';

type UploadFormat = 'zip' | 'tar.gz' | 'json';

export interface UnpackOptions {
  /** Of all files together, unpacked. */
  maxBytes: number;
  /** Tells the folder that only wraps an archive from one of the project's own. */
  projectName: string;
}

/** What an upload may be. */
const UPLOAD_TYPES: Record<string, UploadFormat | 'archive'> = {
  'application/zip': 'zip',
  'application/x-zip-compressed': 'zip',
  'application/gzip': 'tar.gz',
  'application/x-gzip': 'tar.gz',
  'application/x-gtar': 'tar.gz',
  'application/octet-stream': 'archive',
  'application/json': 'json',
};

const MAGIC: Record<'zip' | 'tar.gz', Buffer[]> = {
  // The second is that of an empty archive.
  zip: [Buffer.from('PK\x03\x04'), Buffer.from('PK\x05\x06')],
  'tar.gz': [Buffer.from([0x1f, 0x8b, 0x08])],
};

/**
 * Reads an upload, in memory and in full, or refuses it as a whole.
 *
 * The same rules hold for every format: no link or special file, no path that leaves its folder, none twice, limits on
 * the number of files, the size of each, of all, and on the ratio to what was sent.
 *
 * @param contentType The request's header as it came.
 * @throws ApiError bad_request, payload_too_large, unsupported_media_type, validation_error
 */
export async function unpack(
  body: Buffer,
  contentType: string | undefined,
  { maxBytes, projectName }: UnpackOptions,
): Promise<Map<string, Buffer>> {
  const format = formatOf(body, contentType);
  const collector = new UploadCollector(maxBytes, body.length);
  if (format === 'json') {
    readJson(body, collector);
    // Whoever writes each path means each path.
    return collector.finish(null);
  }
  try {
    await (format === 'zip' ? readZip(body, collector) : readTarGz(body, maxBytes, collector));
  } catch (cause) {
    if (cause instanceof ApiError) {
      throw cause;
    }
    throw new ApiError('bad_request', `The body is damaged, or no ${format} archive`, { cause });
  }
  return collector.finish(projectName);
}

function formatOf(body: Buffer, contentType: string | undefined): UploadFormat {
  if (body.length === 0) {
    throw new ApiError('bad_request', 'The body is empty');
  }
  const mediaType = (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
  const declared = Object.hasOwn(UPLOAD_TYPES, mediaType) ? UPLOAD_TYPES[mediaType] : undefined;
  if (declared === undefined) {
    throw new ApiError(
      'unsupported_media_type',
      'The body must be application/zip, application/gzip (a tar.gz) or application/json',
    );
  }
  if (declared === 'json') {
    return declared;
  }
  const found = (['zip', 'tar.gz'] as const).find((format) =>
    MAGIC[format].some((magic) => body.subarray(0, magic.length).equals(magic)),
  );
  if (found === undefined || (declared !== 'archive' && declared !== found)) {
    throw new ApiError(
      'bad_request',
      declared === 'archive'
        ? 'The body is no zip or tar.gz'
        : `The body is no ${declared} archive`,
    );
  }
  return found;
}
