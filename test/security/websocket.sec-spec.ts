import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { describeSecurity } from '../support/security-suite.js';
import { StreamWatcher } from '../support/stream-watcher.js';
import { LONG_BUILD } from '../support/system-build.js';
import type { Account } from '../support/system-client.js';

const SECRET = 'only-the-websocket-suite-knows-this-0123';
const SETTINGS = {
  JWT_SECRET: SECRET,
  WS_MAX_PER_USER: '3',
  WS_MAX_PER_ADDRESS: '6',
  WORKER_CONCURRENCY: '1',
};

describeSecurity('WebSocket', SETTINGS, (system) => {
  let alice: Account;
  let path: string;

  beforeAll(async () => {
    alice = await system.register();
    // One task runs at a time, and the first takes seconds: the second waits while it is watched.
    await system.build(alice.token, LONG_BUILD);
    path = `/api/ws/build/${await system.build(alice.token, LONG_BUILD)}`;
  });

  afterAll(async () => {
    const { body } = await system.request<{ builds: { task_id: string }[] }>('GET', '/api/build', {
      token: alice.token,
    });
    for (const { task_id: id } of body.builds) {
      await system.request('DELETE', `/api/build/${id}`, { token: alice.token });
    }
  });

  const open = (token: string, headers: Record<string, string> = {}) =>
    new StreamWatcher(`${system.wsUrl}${path}?token=${token}`, [], { headers });

  async function closed(stream: StreamWatcher): Promise<number> {
    stream.socket.close();
    return (await stream.closed).code;
  }

  it.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1',
    'http://localhost.evil.example',
    'file://',
  ])('API8:2023 ASVS 13.5.1 a page of %s may not connect', async (origin) => {
    const stream = open(alice.token, { Origin: origin });
    const [, response] = (await once(stream.socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number; resume(): void },
    ];
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it('API8:2023 a page of its own may', async () => {
    const stream = open(alice.token, { Origin: system.url });
    await stream.connected();
    await closed(stream);
  });

  it('API4:2023 a user has so many connections and no more, and gets them back', async () => {
    const streams = Array.from({ length: 3 }, () => open(alice.token));
    await Promise.all(streams.map((stream) => stream.connected()));
    expect((await open(alice.token).closed).code).toBe(4429);
    await Promise.all(streams.map(closed));
    const again = open(alice.token);
    await again.connected();
    await closed(again);
  });

  it('API4:2023 an address has so many, with and without tokens, whatever it says it is', async () => {
    const others = await Promise.all(
      ['viewer', 'admin'].map((role) => system.accountWithRole(role as 'viewer' | 'admin')),
    );
    const streams = others.flatMap(({ token }) => [open(token), open(token), open(token)]);
    await Promise.all(streams.map((stream) => stream.connected()));
    for (const name of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded']) {
      expect((await open(alice.token, { [name]: '192.0.2.1' }).closed).code).toBe(4429);
    }
    await Promise.all(streams.map(closed));
  });

  it('API4:2023 a message over 16 KiB ends its connection, also in parts', async () => {
    const whole = open(alice.token);
    await whole.connected();
    whole.socket.send('x'.repeat(16 * 1024 + 1));
    const parts = open(alice.token);
    await parts.connected();
    for (let count = 0; count < 20; count += 1) {
      parts.socket.send('x'.repeat(1_000), { fin: false });
    }
    expect([(await whole.closed).code, (await parts.closed).code]).toEqual([1009, 1009]);
  });

  it('API4:2023 nothing is compressed, whatever a client offers', async () => {
    const stream = open(alice.token);
    await stream.connected();
    expect(stream.socket.extensions).toBe('');
    await closed(stream);
  });

  it.each([
    ['an unmasked frame', Buffer.from([0x81, 0x01, 0x61]), 1002],
    ['a reserved opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
    [
      'a frame of 2^63 bytes',
      Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      1009,
    ],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]), 1007],
  ])('API4:2023 %s ends the connection', async (_, frame, code) => {
    const head = rawRequest([
      `GET ${path}?token=${alice.token} HTTP/1.1`,
      'Host: x',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ]);
    const answer = await sendRaw(system.url, Buffer.concat([Buffer.from(head), frame]), 3_000);
    expect(answer.statuses).toEqual([101]);
    const close = Buffer.from([code >> 8, code & 255]).toString('latin1');
    expect(answer.text).toContain(close);
  });

  it('API8:2023 nothing is smuggled behind an upgrade that fails', async () => {
    const head = rawRequest([
      `GET ${path} HTTP/1.1`,
      'Host: x',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 99',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ]);
    const answer = await sendRaw(system.url, `${head}GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer).toMatchObject({ statuses: [400], closed: true });
  });

  it('API2:2023 ASVS 3.3.2 a stream ends with its token', async () => {
    const [head = '', payload = ''] = alice.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const exp = Math.floor(Date.now() / 1_000) + 3;
    const text = `${head}.${Buffer.from(JSON.stringify({ ...claims, exp })).toString('base64url')}`;
    const stream = open(`${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`);
    await stream.connected();
    expect((await stream.closed).code).toBe(4401);
    expect(Date.now() / 1_000).toBeGreaterThanOrEqual(exp);
  });

  it('API2:2023 ASVS 7.1.1 its token is seen in no log', async () => {
    const marker = `marker-in-the-query-${'x'.repeat(20)}`;
    await open(marker).closed;
    await new StreamWatcher(`${system.wsUrl}${path}`, ['bearer', marker]).closed;
    await system.request('GET', `/api/build?token=${marker}&access_token=${marker}`);
    expect(system.logs()).not.toContain(marker);
  });
});
