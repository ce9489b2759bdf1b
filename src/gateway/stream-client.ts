import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { CLOSE, type CloseCode } from './close-codes.js';
import type { Frame } from './frame.js';
import type { Watch } from './stream-admission.js';

/** What a client may leave unread before it is let go. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** A replay goes on when no more than this is unread. */
const REPLAY_UNREAD_BYTES = 256 * 1024;

/** A longer timer fires at once; the regular verification of tokens sees to the rest. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One admitted client: what it has been sent, and when it has to go. */
export class StreamClient {
  /** The last event that was sent. */
  position = 0;
  /** Whether it has caught up with its stream, which from then on sends it what comes. */
  isLive = false;
  private hasAnswered = true;

  /** @param connection Of the upgrade request: frames that are ready go there, past the library's own framing. */
  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Socket,
    readonly watch: Watch,
  ) {
    const { expiresAt } = watch.principal;
    const remainingMs = expiresAt ? Math.max(0, expiresAt.getTime() - Date.now()) : Infinity;
    if (remainingMs <= MAX_TIMER_MS) {
      const expiry = setTimeout(() => this.close(CLOSE.unauthorized, 'Token expired'), remainingMs);
      this.onClose(() => clearTimeout(expiry));
    }
    socket.on('pong', () => (this.hasAnswered = true));
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  onClose(listener: () => void): void {
    this.socket.once('close', listener);
  }

  /** Writes bytes that are whole frames. What an open socket was given before may still wait to be read. */
  write(bytes: Buffer): void {
    if (!this.isOpen) {
      return;
    }
    // Before, not after: a client that reads well is not to blame for one large event.
    if (this.connection.writableLength > MAX_UNREAD_BYTES) {
      this.close(CLOSE.slowReader, 'Reading too slowly: reconnect with since');
    } else {
      this.connection.write(bytes);
    }
  }

  /** Sends events, and says goodbye after the task's last one. */
  deliver(frame: Frame): void {
    this.write(frame.bytes);
    this.position = frame.seq;
    if (frame.isTerminal) {
      this.close(CLOSE.done, 'The task has ended');
    }
  }

  /** Resolves when the client has read enough for more to be sent, or is gone. */
  async drained(stallMs: number): Promise<void> {
    if (!this.isOpen || this.connection.writableLength <= REPLAY_UNREAD_BYTES) {
      return;
    }
    await new Promise<void>((resolve) => {
      const stall = setTimeout(() => {
        this.close(CLOSE.slowReader, 'Reading too slowly: reconnect with since');
        settle();
      }, stallMs);
      const settle = () => {
        clearTimeout(stall);
        this.connection.off('drain', settle);
        this.socket.off('close', settle);
        resolve();
      };
      this.connection.once('drain', settle);
      this.socket.once('close', settle);
    });
  }

  /** Asks for a sign of life; the answer to the last one must have come. */
  beat(): void {
    if (!this.hasAnswered) {
      this.socket.terminate();
    } else if (this.isOpen) {
      this.hasAnswered = false;
      this.socket.ping();
    }
  }

  /** Ends the stream; the first call decides how. The connection is cut where the client doesn't answer. */
  close(code: CloseCode, reason: string): void {
    if (this.isOpen) {
      this.socket.close(code, reason);
    }
  }
}
