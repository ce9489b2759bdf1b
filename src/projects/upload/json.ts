import { ApiError, type FieldError } from '../../common/api-error.js';
import { scanJson } from '../../common/json/json-scan.js';
import type { UploadCollector } from './collector.js';

const LONE_SURROGATE = /\p{Cs}/u;
/** An object of an object of texts, one for each file that a project may have. */
const LIMITS = { depth: 2, members: 5_010 };
/** As many as help whoever made the body. */
const MAX_ERRORS = 20;

/**
 * Reads `{ "files": { "path": "text" } }` into a collector.
 *
 * @throws ApiError bad_request for what is no JSON, validation_error for JSON of another form
 */
export function readJson(body: Buffer, collector: UploadCollector): void {
  for (const [path, text] of Object.entries(filesOf(parse(body)))) {
    if (LONE_SURROGATE.test(text)) {
      throw new ApiError('bad_request', 'A text is not valid Unicode');
    }
    const content = Buffer.from(text);
    const entered = collector.enter(path, false, content.length);
    if (entered !== null) {
      collector.add(entered, content);
    }
  }
}

function parse(body: Buffer): unknown {
  scanJson(body, LIMITS);
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new ApiError('bad_request', 'The body is not valid JSON', { cause: error });
  }
}

function filesOf(body: unknown): Record<string, string> {
  if (!isObject(body)) {
    throw invalid([{ field: '', message: 'must be an object' }]);
  }
  const unknown = Object.keys(body).filter((key) => key !== 'files');
  if (unknown.length > 0) {
    throw invalid(unknown.map((field) => ({ field, message: 'is not a known field' })));
  }
  const { files } = body;
  if (files === undefined) {
    throw invalid([{ field: 'files', message: 'is required' }]);
  }
  if (!isObject(files)) {
    throw invalid([{ field: 'files', message: 'must be an object of path to text' }]);
  }
  const wrong = Object.keys(files).filter((path) => typeof files[path] !== 'string');
  if (wrong.length > 0) {
    throw invalid(wrong.map((path) => ({ field: `files.${path}`, message: 'must be a string' })));
  }
  return files as Record<string, string>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(errors: FieldError[]): ApiError {
  return new ApiError('validation_error', 'The request does not fit its schema', {
    errors: errors.slice(0, MAX_ERRORS),
  });
}
