import type { IncomingMessage } from 'node:http';

const STREAM_PATH = /^\/api\/ws\/(build|analysis)\/([^/]+)\/?$/;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;
const SEQ = /^\d{1,15}$/;

/** The subprotocol whose companion is the token: `["bearer", TOKEN]`. */
export const BEARER = 'bearer';

export type StreamKind = 'build' | 'analysis';

/** What a client asks for; whether it may is decided later. */
export interface StreamRequest {
  kind: StreamKind;
  /** In lower case; `null`: not a UUID. */
  taskId: string | null;
  token: string | undefined;
  /** The last event that the client has; `null`: not a number. */
  since: number | null;
}

/** Whether the path of an upgrade request names a stream. */
export function isStreamPath(url: string): boolean {
  return STREAM_PATH.test(split(url).path);
}

/** Reads an upgrade request whose path `isStreamPath`. */
export function readStreamRequest(request: IncomingMessage): StreamRequest {
  const { path, query } = split(request.url ?? '');
  const [, kind, id = ''] = STREAM_PATH.exec(path) ?? [];
  const taskId = id.toLowerCase();
  const since = query.get('since') ?? '0';
  return {
    kind: kind === 'analysis' ? kind : 'build',
    taskId: UUID.test(taskId) ? taskId : null,
    token: query.get('token') ?? tokenOfProtocols(request.headers['sec-websocket-protocol']),
    since: SEQ.test(since) ? Number(since) : null,
  };
}

/**
 * The client's address by the same rule as Express's `req.ip`: the last one that no trusted proxy vouches past.
 *
 * @param isTrusted Express's `trust proxy fn`.
 */
export function clientAddress(
  request: IncomingMessage,
  isTrusted: (address: string, hop: number) => boolean,
): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
  const hops = forwarded.split(',').map((hop) => hop.trim());
  const addresses = [request.socket.remoteAddress ?? '', ...hops.reverse().filter(Boolean)];
  const untrusted = addresses.findIndex((address, hop) => !isTrusted(address, hop));
  return addresses.at(untrusted) ?? '';
}

// Not `new URL`: it throws for some of what a client can send.
function split(url: string): { path: string; query: URLSearchParams } {
  const [path = '', ...query] = url.split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
}

function tokenOfProtocols(header: string | undefined): string | undefined {
  const protocols = (header ?? '').split(',').map((protocol) => protocol.trim());
  const bearer = protocols.indexOf(BEARER);
  return bearer < 0 ? undefined : protocols[bearer + 1];
}
