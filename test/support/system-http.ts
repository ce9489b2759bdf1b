import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

export type JsonObject = Record<string, unknown>;

export interface RequestOptions {
  token?: string | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; say what it is with `headers`. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

export interface Reply<T = JsonObject> {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The parsed JSON; an empty object where the answer is something else. */
  body: T;
}

/** Sends one request over a connection of its own; the path goes out as it is, whatever is in it. */
export async function send<T = JsonObject>(
  origin: string,
  method: string,
  path: string,
  { token, body, raw, headers = {} }: RequestOptions = {},
): Promise<Reply<T>> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const { hostname, port } = new URL(origin);
  const request = httpRequest({
    ...{ hostname, port, method, path, agent: false },
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(payload !== undefined && { 'Content-Length': String(Buffer.byteLength(payload)) }),
      ...headers,
    },
  });
  return new Promise((resolve, reject) => {
    // Without a listener, a server that answers before it has read everything would end the test run.
    request.once('error', reject);
    request.once('response', (response) => {
      const whole = buffer(response).then((bytes) => {
        const text = bytes.toString('utf8');
        const isJson = /^application\/(\w+\+)?json/.test(response.headers['content-type'] ?? '');
        const parsed = (isJson && text !== '' ? JSON.parse(text) : {}) as T;
        const { headers: received, statusCode = 0 } = response;
        return { status: statusCode, headers: received, bytes, text, body: parsed };
      });
      whole.then(resolve, reject);
    });
    request.end(payload);
  });
}
