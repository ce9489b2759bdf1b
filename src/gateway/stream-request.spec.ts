import { once } from 'node:events';
import { get, IncomingMessage, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import express from 'express';
import { clientAddress, isStreamPath, readStreamRequest } from './stream-request.js';

const ID = '550e8400-e29b-41d4-a716-446655440000';

function requestFor(url: string, headers: Record<string, string> = {}): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { url, headers });
}

describe(isStreamPath.name, () => {
  it.each([
    [`/api/ws/build/${ID}`, true],
    [`/api/ws/analysis/${ID}/?token=x`, true],
    ['/api/ws/build/anything', true],
    ['/api/ws/build/', false],
    ['/api/ws/build//', false],
    [`/api/ws/builds/${ID}`, false],
    [`/x/api/ws/build/${ID}`, false],
    [`/?/api/ws/build/${ID}`, false],
    ['', false],
  ])('%s: %s', (url, isOne) => {
    expect(isStreamPath(url)).toBe(isOne);
  });
});

describe(readStreamRequest.name, () => {
  const path = `/api/ws/analysis/${ID}`;

  it.each([
    [path, {}, { kind: 'analysis', taskId: ID, token: undefined, since: 0 }],
    [
      `${path}/?token=a.b-c_d&since=7`,
      {},
      { kind: 'analysis', taskId: ID, token: 'a.b-c_d', since: 7 },
    ],
    [
      path,
      { 'sec-websocket-protocol': 'bearer, a.b' },
      { kind: 'analysis', taskId: ID, token: 'a.b', since: 0 },
    ],
    [
      path,
      { 'sec-websocket-protocol': 'bearer' },
      { kind: 'analysis', taskId: ID, token: undefined, since: 0 },
    ],
    [
      path,
      { 'sec-websocket-protocol': 'chat, a.b' },
      { kind: 'analysis', taskId: ID, token: undefined, since: 0 },
    ],
    [
      `/api/ws/build/x%00?since=-1`,
      {},
      { kind: 'build', taskId: null, token: undefined, since: null },
    ],
  ])('%s %j', (url, headers, expected) => {
    expect(readStreamRequest(requestFor(url, headers))).toEqual(expected);
  });
});

describe(clientAddress.name, () => {
  it.each([
    [false, undefined],
    [false, '192.0.2.1'],
    [1, '192.0.2.1'],
    [1, '10.0.0.1, 192.0.2.1'],
    [2, '10.0.0.1 ,192.0.2.1'],
    [5, '10.0.0.1, 192.0.2.1'],
    ['loopback', '10.0.0.1, 192.0.2.1, 127.0.0.1'],
    ['loopback, 192.0.2.0/24', '10.0.0.1, 192.0.2.1'],
    [1, ' , '],
  ])('trusting %s, forwarded for %s: the same as Express', async (trusted, forwarded) => {
    const app = express();
    app.set('trust proxy', trusted);
    const seen: (string | undefined)[] = [];
    app.use((request, response) => {
      const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
      seen.push(request.ip, clientAddress(request, isTrusted));
      response.end();
    });
    const server: Server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const request = get({ port, headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    server.close();
    expect(seen[1]).toBe(seen[0]);
  });
});
