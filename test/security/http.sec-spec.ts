import { connect } from 'node:net';
import { once } from 'node:events';
import { gzipSync, brotliCompressSync } from 'node:zlib';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { describeSecurity } from '../support/security-suite.js';
import { errorBody } from '../support/system-shapes.js';

const HOST = 'Host: x';
const JSON_TYPE = 'Content-Type: application/json';
const LOGIN = 'POST /auth/login HTTP/1.1';
const GET = 'GET /api/health HTTP/1.1';
const SMUGGLED = 'GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n';
const MIB = 1024 * 1024;
const IS_LONG = process.env['FUZZ_SECONDS'] !== undefined;

/** Each must be refused as a whole: one answer, and the connection ends. */
const AMBIGUOUS: [string, string][] = [
  [
    'CL and TE',
    rawRequest(
      [LOGIN, HOST, JSON_TYPE, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${SMUGGLED}`,
    ),
  ],
  [
    'TE and CL',
    rawRequest(
      [LOGIN, HOST, JSON_TYPE, 'Transfer-Encoding: chunked', 'Content-Length: 5'],
      `0\r\n\r\n${SMUGGLED}`,
    ),
  ],
  [
    'an unknown TE',
    rawRequest([LOGIN, HOST, 'Transfer-Encoding: xchunked'], `0\r\n\r\n${SMUGGLED}`),
  ],
  [
    'TE that ends otherwise',
    rawRequest([LOGIN, HOST, 'Transfer-Encoding: chunked, identity'], `0\r\n\r\n${SMUGGLED}`),
  ],
  [
    'TE twice',
    rawRequest(
      [LOGIN, HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
      `0\r\n\r\n${SMUGGLED}`,
    ),
  ],
  [
    'TE with a tab before the colon',
    rawRequest([LOGIN, HOST, 'Transfer-Encoding\t: chunked'], `0\r\n\r\n${SMUGGLED}`),
  ],
  [
    'two lengths',
    rawRequest([LOGIN, HOST, 'Content-Length: 5', 'Content-Length: 6'], `abcdef${SMUGGLED}`),
  ],
  ['a signed length', rawRequest([LOGIN, HOST, 'Content-Length: +5'], `abcde${SMUGGLED}`)],
  ['a length in hex', rawRequest([LOGIN, HOST, 'Content-Length: 0x5'], `abcde${SMUGGLED}`)],
  ['a space before the colon', rawRequest([LOGIN, HOST, 'Content-Length : 5'], `abcde${SMUGGLED}`)],
  [
    'a chunk that is no number',
    rawRequest(
      [LOGIN, HOST, JSON_TYPE, 'Transfer-Encoding: chunked'],
      `zz\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
    ),
  ],
  [
    'a chunk larger than 2^64',
    rawRequest(
      [LOGIN, HOST, JSON_TYPE, 'Transfer-Encoding: chunked'],
      `ffffffffffffffffff\r\n{}\r\n0\r\n\r\n`,
    ),
  ],
  [
    'an endless chunk extension',
    rawRequest(
      [LOGIN, HOST, JSON_TYPE, 'Transfer-Encoding: chunked'],
      `2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`,
    ),
  ],
  ['bare line feeds', 'GET /api/health HTTP/1.1\nHost: x\n\n'],
  ['a folded header', rawRequest([GET, HOST, 'X: a', ' b'])],
  ['NUL in a header', rawRequest([GET, HOST, 'X: a\0b'])],
  ['NUL in the path', rawRequest(['GET /api/\0health HTTP/1.1', HOST])],
  ['a carriage return in a header', rawRequest([GET, HOST, 'X: a\rY: b'])],
  ['no host', rawRequest([GET])],
  ['two hosts', rawRequest([GET, HOST, 'Host: y'])],
  [
    'two Authorization headers',
    rawRequest([GET, HOST, 'Authorization: Bearer a', 'Authorization: Bearer b']),
  ],
  [
    'TE in HTTP/1.0',
    rawRequest(
      ['POST /auth/login HTTP/1.0', HOST, JSON_TYPE, 'Transfer-Encoding: chunked'],
      `2\r\n{}\r\n0\r\n\r\n`,
    ),
  ],
  ['HTTP/0.9', 'GET /api/health\r\n\r\n'],
  ['HTTP/2.0 without its preface', rawRequest(['GET /api/health HTTP/2.0', HOST])],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS', Buffer.from('160301002a010000260303', 'hex').toString('latin1').padEnd(60, '\0')],
  ['a method that there is not', rawRequest(['TRACK /api/health HTTP/1.1', HOST])],
  ['a target of 17,000 characters', rawRequest([`GET /${'a'.repeat(17_000)} HTTP/1.1`, HOST])],
  ['headers of 20,000 bytes', rawRequest([GET, HOST, `X: ${'a'.repeat(20_000)}`])],
];

/** What names a protected route in some other way must not be taken for a public one. */
const PATHS: [string, number][] = [
  ['//auth/me', 404],
  ['/auth//me', 404],
  ['/auth%2fme', 404],
  ['/auth/me%00', 404],
  ['/auth/me;a=b', 404],
  ['/auth/./me', 404],
  ['/api/health/../../auth/me', 404],
  ['/api/health/%2e%2e/%2e%2e/auth/me', 404],
  ['/api/docs/../../auth/me', 404],
  ['/api/docs/..%2f..%2fmain.js', 404],
  ['/api/docs/%2e%2e/%2e%2e/package.json', 404],
  ['/api/%c0%ae%c0%ae/auth/me', 404],
  ['/AUTH/ME', 401],
  ['/auth/me/', 401],
  ['/auth/me?x=/api/health', 401],
  ['/auth/me#/api/health', 401],
  ['http://evil.example/auth/me', 401],
];

describeSecurity('HTTP', {}, (system) => {
  it.each(AMBIGUOUS)(
    'API8:2023 ASVS 13.1.1 refuses %s, and reads nothing after it',
    async (_, bytes) => {
      const { statuses, text, closed } = await sendRaw(system.url, bytes);
      expect({ statuses, closed }).toEqual({ statuses: [400], closed: true });
      expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toEqual(errorBody(400));
      expect(text).toMatch(/^x-content-type-options: nosniff\r$/im);
    },
  );

  it.each(PATHS)('ASVS 4.1.1 ASVS 12.3.1 %s is %d without a token', async (path, status) => {
    const { statuses, text } = await sendRaw(
      system.url,
      rawRequest([`GET ${path} HTTP/1.1`, HOST, 'Connection: close']),
    );
    expect([statuses, text.includes('"username"')]).toEqual([[status], false]);
  });

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'])(
    'ASVS 13.2.1 %s overrides no method',
    async (header) => {
      const { token } = await system.loginAdmin();
      const headers = { [header]: 'DELETE' };
      const reply = await system.request('GET', `/api/projects?${header}=DELETE`, {
        token,
        headers,
      });
      expect([reply.status, reply.body['total']]).toEqual([200, 0]);
    },
  );

  it.each(['TRACE', 'OPTIONS', 'PROPFIND', 'DELETE'])(
    'ASVS 14.5.1 %s is not allowed, and echoes nothing',
    async (method) => {
      const reply = await system.request(method, '/api/health', { headers: { Cookie: 'echo-me' } });
      expect([reply.status, reply.text.includes('echo-me')]).toEqual([405, false]);
    },
  );

  it('API8:2023 pipelined requests get an answer each, in order', async () => {
    const three = [
      rawRequest([GET, HOST]),
      rawRequest(['GET /auth/me HTTP/1.1', HOST]),
      rawRequest([GET, HOST, 'Connection: close']),
    ];
    expect((await sendRaw(system.url, three.join(''))).statuses).toEqual([200, 401, 200]);
  });

  it('API4:2023 slow headers are cut off, while others are served', async () => {
    const slow = Array.from({ length: 50 }, () =>
      sendRaw(system.url, 'GET /api/health HTTP/1.1\r\nX: a', 20_000),
    );
    const trickle = dripping(system.url, 'GET /api/health HTTP/1.1\r\n');
    expect((await system.request('GET', '/api/health')).status).toBe(200);
    const ends = await Promise.all(slow);
    expect(ends.filter(({ closed, ms }) => !closed || ms > 12_000)).toEqual([]);
    expect(await trickle).toBeLessThan(12_000);
  }, 30_000);

  it('API4:2023 who may not send a body is answered before it', async () => {
    const head = rawRequest(
      ['POST /api/build HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 900000'],
      '{',
    );
    expect((await sendRaw(system.url, head)).statuses).toEqual([401]);
  });

  if (IS_LONG) {
    it('API4:2023 a slow body is cut off', async () => {
      expect(
        await dripping(system.url, rawRequest([LOGIN, HOST, JSON_TYPE, 'Content-Length: 1000'])),
      ).toBeLessThan(70_000);
    }, 90_000);
  }

  const bombs: [string, string | Buffer, Record<string, string>, number][] = [
    ['an unterminated string', '{"', {}, 400],
    ['2 MiB', `{"username":"${'a'.repeat(2 * MIB)}"}`, {}, 413],
    ['100,000 deep in lists', '['.repeat(100_000), {}, 400],
    ['100,000 deep in objects', '{"a":'.repeat(100_000), {}, 400],
    [
      '100,000 keys',
      `{${Array.from({ length: 100_000 }, (_, i) => `"${i}":1`).join()}}`.slice(0, MIB - 1),
      {},
      400,
    ],
    ['a gzip bomb', gzipSync(Buffer.alloc(200 * MIB)), { 'Content-Encoding': 'gzip' }, 413],
    [
      'a brotli bomb',
      brotliCompressSync(Buffer.alloc(50 * MIB)),
      { 'Content-Encoding': 'br' },
      413,
    ],
    [
      'gzip within gzip',
      gzipSync(gzipSync(Buffer.alloc(MIB))),
      { 'Content-Encoding': 'gzip, gzip' },
      415,
    ],
    ['__proto__', '{"username":"alice","password":"x","__proto__":{"role":"admin"}}', {}, 400],
    [
      'constructor',
      '{"username":"alice","password":"x","constructor":{"prototype":{"role":"admin"}}}',
      {},
      400,
    ],
  ];

  it.each(bombs)(
    'API4:2023 ASVS 5.1.2 ASVS 13.2.2 a JSON body of %s is refused at once',
    async (_, raw, headers, status) => {
      const startedAt = performance.now();
      const reply = await system.request('POST', '/auth/login', {
        raw,
        headers: { 'Content-Type': 'application/json', ...headers },
      });
      expect([reply.status, reply.body]).toEqual([status, errorBody(status)]);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
  );

  it('ASVS 13.2.2 of a key that comes twice the last one holds, for every check', async () => {
    const raw =
      '{"username":"first-name","password":"a fine password","role":"user","username":"../x"}';
    const { token } = await system.loginAdmin();
    const headers = { 'Content-Type': 'application/json' };
    expect((await system.request('POST', '/auth/users', { token, raw, headers })).status).toBe(422);
    expect(
      (await system.request('PATCH', '/auth/users/first-name', { token, body: {} })).status,
    ).toBe(404);
  });
});

/** Sends a byte every half second. @returns after how many milliseconds the server had enough */
async function dripping(origin: string, head: string): Promise<number> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const startedAt = performance.now();
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(head);
  const drip = setInterval(() => socket.write('a'), 500);
  await once(socket, 'close');
  clearInterval(drip);
  return performance.now() - startedAt;
}
