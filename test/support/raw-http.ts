import { connect } from 'node:net';

/** How long a server may say nothing on an open connection until its answer counts as complete. */
const QUIET_MS = 1_500;

export interface RawAnswer {
  text: string;
  /** Of each answer on the connection, in order. */
  statuses: number[];
  /** Whether the server ended the connection. */
  closed: boolean;
  ms: number;
}

/**
 * Sends bytes as they are over one TCP connection: requests that no client library would make.
 *
 * @param quietMs Silence after which the answer counts as complete; long for servers that are meant to cut off.
 */
export async function sendRaw(
  origin: string,
  bytes: string | Buffer,
  quietMs = QUIET_MS,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const startedAt = performance.now();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset is an end like any other.
  socket.on('error', () => undefined);
  socket.setTimeout(quietMs);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  const closed = await new Promise<boolean>((resolve) => {
    socket.once('close', () => resolve(true));
    socket.once('timeout', () => resolve(false));
  });
  const ms = performance.now() - startedAt;
  socket.destroy();
  const text = Buffer.concat(chunks).toString('latin1');
  const statuses = [...text.matchAll(/HTTP\/1\.\d (\d{3}) /g)].map(([, code]) => Number(code));
  return { text, statuses, closed, ms };
}

/** A request by hand: its head's lines, an empty one, and its body as it is. */
export function rawRequest(lines: string[], body = ''): string {
  return `${[...lines, '', ''].join('\r\n')}${body}`;
}
