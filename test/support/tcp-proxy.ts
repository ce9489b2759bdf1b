import { once } from 'node:events';
import {
  connect,
  createServer,
  type AddressInfo,
  type NetConnectOpts,
  type Socket,
} from 'node:net';

/**
 * `open`: passes everything on. `cut`: every connection breaks, as when the server behind it stopped. `silent`: bytes
 * arrive and no answer comes, as when it hangs.
 */
export type ProxyMode = 'open' | 'cut' | 'silent';

/** Stands in front of a server, so that a test can take it away from one client only. */
export interface TcpProxy {
  port: number;
  set(mode: ProxyMode): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: NetConnectOpts): Promise<TcpProxy> {
  let mode: ProxyMode = 'open';
  const pairs = new Set<[client: Socket, upstream: Socket]>();
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const pair: [Socket, Socket] = [client, connect(target)];
    const end = (): void => {
      pair.forEach((socket) => socket.destroy());
      pairs.delete(pair);
    };
    pairs.add(pair);
    pair.forEach((socket) => socket.on('error', end).on('close', end));
    client.pipe(pair[1]);
    if (mode === 'open') {
      pair[1].pipe(client);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const set = (next: ProxyMode): void => {
    mode = next;
    for (const [client, upstream] of pairs) {
      if (next === 'cut') {
        client.destroy();
      } else if (next === 'silent') {
        upstream.unpipe(client).pause();
      } else {
        upstream.pipe(client);
      }
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    set,
    async close() {
      set('cut');
      server.close();
      await once(server, 'close');
    },
  };
}
