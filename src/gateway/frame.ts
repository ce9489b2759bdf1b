import { isTerminalEvent, toWire, type TaskEvent } from '../tasks/task-event.js';

/** One or more events as they go over the wire, made once for all clients of a task. */
export interface Frame {
  bytes: Buffer;
  /** Of the last event in it. */
  seq: number;
  /** Whether the last event in it ends the task. */
  isTerminal: boolean;
}

export function eventFrame(kind: string, event: TaskEvent): Frame {
  return {
    bytes: textFrame(toWire(kind, event)),
    seq: event.seq,
    isTerminal: isTerminalEvent(event),
  };
}

/** Puts frames into one, in order: one write for all of them. */
export function mergeFrames(frames: Frame[]): Frame {
  const last = frames.at(-1);
  if (!last) {
    throw new Error('There is no frame to merge');
  }
  return { ...last, bytes: Buffer.concat(frames.map((frame) => frame.bytes)) };
}

/** An unmasked, uncompressed, final text frame (RFC 6455, section 5.2). */
export function textFrame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  return Buffer.concat([header(payload.length), payload]);
}

const FIN_TEXT = 0x81;

function header(length: number): Buffer {
  if (length < 126) {
    return Buffer.from([FIN_TEXT, length]);
  }
  if (length < 65_536) {
    const short = Buffer.from([FIN_TEXT, 126, 0, 0]);
    short.writeUInt16BE(length, 2);
    return short;
  }
  const long = Buffer.alloc(10);
  long.set([FIN_TEXT, 127]);
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}
