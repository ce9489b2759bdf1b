import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, deflateSync } from 'node:zlib';
import type { GitObject, ObjectType } from './git-objects.js';

const deflateAside = promisify(deflate);
/** Less is done before another thread would have begun: about a millisecond. */
const MAX_AT_ONCE_BYTES = 32 * 1024;
const TYPES: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3 };

/**
 * A bundle of one branch, `main`, as Git's `bundle-format` (version 2) and `pack-format` have it: whole objects, none
 * as a difference to another. What comes out is the same for the same objects.
 *
 * @param tip The newest commit's id.
 * @param count Of `objects`: it stands before them.
 */
export async function* writeBundle(
  tip: string,
  count: number,
  objects: AsyncIterable<GitObject>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`# v2 git bundle\n${tip} HEAD\n${tip} refs/heads/main\n\n`);
  const checksum = createHash('sha1');
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  checksum.update(head);
  yield head;
  let written = 0;
  for await (const object of objects) {
    const entry = Buffer.concat([entryHead(object), await compress(object.content)]);
    checksum.update(entry);
    written += 1;
    yield entry;
  }
  if (written !== count) {
    throw new Error(`A bundle of ${count} objects got ${written}`);
  }
  yield checksum.digest();
}

function compress(content: Buffer): Buffer | Promise<Buffer> {
  return content.length <= MAX_AT_ONCE_BYTES ? deflateSync(content) : deflateAside(content);
}

/** Type and size: 4 bits of it in the first byte, 7 in each that follows. */
function entryHead({ type, content }: GitObject): Buffer {
  const bytes: number[] = [];
  let byte = (TYPES[type] << 4) | (content.length & 0x0f);
  for (let rest = content.length >>> 4; rest > 0; rest >>>= 7) {
    bytes.push(byte | 0x80);
    byte = rest & 0x7f;
  }
  return Buffer.from([...bytes, byte]);
}
