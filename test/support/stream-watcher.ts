import { WebSocket, type ClientOptions } from 'ws';

export interface StreamMessage {
  type: string;
  seq?: number;
  [key: string]: unknown;
}

/** A WebSocket client that keeps what it got, and lets a test wait for it. */
export class StreamWatcher {
  readonly messages: StreamMessage[] = [];
  readonly socket: WebSocket;
  /** How the server ended it. */
  readonly closed: Promise<{ code: number; reason: string }>;
  private waiting: (() => void)[] = [];

  constructor(url: string, protocols: string[] = [], options: ClientOptions = {}) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as StreamMessage);
      this.waiting.splice(0).forEach((wake) => wake());
    });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    // Without a listener an error ends the process; `closed` tells of it.
    this.socket.on('error', () => undefined);
  }

  /** Those of the stored events that came, in the order they came. */
  get seqs(): number[] {
    return this.messages.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  }

  /** Resolves with the first message that fits, now or later. @throws when the stream ends before. */
  async until(fits: (message: StreamMessage) => boolean): Promise<StreamMessage> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found) {
        return found;
      }
      const next = new Promise<void>((resolve) => this.waiting.push(resolve));
      const end = await Promise.race([next, this.closed]);
      if (end && !this.messages.some(fits)) {
        throw new Error(`Closed with ${end.code} (${end.reason}) before the message came`);
      }
    }
  }

  untilSeq(seq: number): Promise<StreamMessage> {
    return this.until((message) => message.seq === seq);
  }

  connected(): Promise<StreamMessage> {
    return this.until(({ type }) => type === 'connected');
  }
}
