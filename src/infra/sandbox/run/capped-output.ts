import type { Readable } from 'node:stream';

/** Keeps the first `maxBytes` of a stream and goes on reading, so that the writer never blocks. */
export class CappedOutput {
  truncated = false;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly maxBytes: number) {}

  /** Resolves when the stream has closed, however it ended. */
  readFrom(stream: Readable): Promise<void> {
    stream.on('data', (chunk: Buffer) => this.keep(chunk));
    return new Promise((resolve) => {
      stream.once('close', resolve);
      // A reset by a killed writer is an end like any other; `close` follows it.
      stream.on('error', () => resolve());
    });
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.chunks);
  }

  private keep(chunk: Buffer): void {
    const room = this.maxBytes - this.size;
    if (chunk.length > room) {
      this.truncated = true;
    }
    if (room > 0) {
      const kept = chunk.subarray(0, room);
      this.chunks.push(kept);
      this.size += kept.length;
    }
  }
}
