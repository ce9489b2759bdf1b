import { once } from 'node:events';
import {
  connect,
  createServer,
  type AddressInfo,
  type NetConnectOpts,
  type Socket,
} from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/**
 * `open`: passes everything on. `cut`: every connection breaks, as when the server behind it stopped. `silent`: bytes
 * arrive and no answer comes, as when it hangs.
 */
export type ProxyMode = 'open' | 'cut' | 'silent';

/** Stands in front of a server, so that a test can take it away from one client only. */
export interface TcpProxy {
  port: number;
  set(mode: ProxyMode): void;
  /** From now on the connections that stand carry nothing, and nobody is told, as a dropped NAT entry does; new ones work. */
  silence(): void;
  /** From now on each answer arrives that much later; many of them may be on their way. */
  delay(ms: number): void;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  upstream: Socket;
  /** What comes back passes through it. */
  answers: Lag;
  isSilenced: boolean;
}

/** @param target Asked for each connection where the server may come back at another address. */
export async function startTcpProxy(
  target: NetConnectOpts | (() => NetConnectOpts),
): Promise<TcpProxy> {
  let mode: ProxyMode = 'open';
  let delayMs = 0;
  const pairs = new Set<Pair>();
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(typeof target === 'function' ? target() : target);
    const pair: Pair = { client, upstream, answers: new Lag(() => delayMs), isSilenced: false };
    const end = (): void => {
      pair.answers.destroy();
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    pairs.add(pair);
    [client, upstream].forEach((socket) => socket.on('error', end).on('close', end));
    client.pipe(upstream).pipe(pair.answers);
    if (mode === 'open') {
      pair.answers.pipe(client);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const set = (next: ProxyMode): void => {
    mode = next;
    for (const { client, answers, isSilenced } of pairs) {
      if (next === 'cut') {
        client.destroy();
      } else if (next === 'silent') {
        answers.unpipe(client).pause();
      } else if (!isSilenced) {
        answers.pipe(client);
      }
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    set,
    silence() {
      for (const pair of pairs) {
        pair.isSilenced = true;
        pair.client.unpipe(pair.upstream).pause();
        pair.answers.unpipe(pair.client).pause();
      }
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      set('cut');
      server.close();
      await once(server, 'close');
    },
  };
}

/** Holds each chunk back for the time that is set when it comes; their order stays. */
class Lag extends Transform {
  private readonly held: Buffer[] = [];
  private due = 0;

  constructor(private readonly delayMs: () => number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const now = performance.now();
    // Never before the one that came before it, should the delay have become shorter meanwhile.
    this.due = Math.max(this.due, now + this.delayMs());
    if (this.due <= now && this.held.length === 0) {
      done(null, chunk);
      return;
    }
    this.held.push(chunk);
    setTimeout(() => this.push(this.held.shift()), this.due - now);
    done();
  }

  /** The end comes behind what is held. */
  override _flush(done: TransformCallback): void {
    setTimeout(done, Math.max(0, this.due - performance.now()));
  }
}
