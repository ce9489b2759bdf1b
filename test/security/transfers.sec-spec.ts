import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Account } from '../support/system-client.js';
import { rawRequest } from '../support/raw-http.js';
import { describeSecurity } from '../support/security-suite.js';
import { rawZip } from '../../src/projects/upload/raw-archives.fixture.js';

const MIB = 1024 * 1024;
/** More than the sockets' own buffers take, and of no use to compress. */
const FILES = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];
const TRANSFERS = 12;

/** Clients that send a request and no more than a part of its body, and stop reading with the first bytes that come. */
class StalledTransfers {
  /** Those of which the server has answered the beginning, or read the part of the body. */
  begun = 0;
  private readonly sockets: Socket[];
  private readonly waiting: { least: number; resolve: () => void }[] = [];

  constructor(origin: string, head: string[], part?: Buffer) {
    const { hostname, port } = new URL(origin);
    const bytes = rawRequest([...head, `Host: ${hostname}`]);
    this.sockets = Array.from({ length: TRANSFERS }, () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.pause();
        this.begin();
      });
      socket.write(bytes);
      if (part) {
        socket.write(part, (error) => error ?? this.begin());
      }
      return socket;
    });
  }

  private begin(): void {
    this.begun += 1;
    this.waiting.filter(({ least }) => this.begun >= least).forEach(({ resolve }) => resolve());
  }

  async haveBegun(least: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.waiting.push({ least, resolve });
      if (this.begun >= least) {
        resolve();
      }
    });
  }

  leave(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }
}

describeSecurity('large transfers', { RATE_LIMIT_GLOBAL: '0', RATE_LIMIT_BUILD: '0' }, (system) => {
  let alice: Account;
  let bob: Account;
  let downloads: StalledTransfers | undefined;

  beforeAll(async () => {
    alice = await system.register();
    bob = await system.register();
    const archive = rawZip(FILES.map((name) => ({ name, content: randomBytes(4 * MIB) })));
    const put = await system.request('PUT', '/api/projects/large/source', {
      token: alice.token,
      raw: archive,
      headers: { 'Content-Type': 'application/zip' },
    });
    expect(put.status).toBe(201);
    const small = await system.request('PUT', '/api/projects/small/source', {
      token: bob.token,
      body: { files: { 'a.py': 'x = 1\n' } },
    });
    expect(small.status).toBe(201);
  }, 60_000);

  afterAll(() => downloads?.leave());

  it("API4:2023 of many uploads of one user two are read, and nobody else's has to wait", async () => {
    const uploads = new StalledTransfers(
      system.url,
      [
        'PUT /api/projects/slow/source HTTP/1.1',
        `Authorization: Bearer ${alice.token}`,
        'Content-Type: application/zip',
        `Content-Length: ${40 * MIB}`,
      ],
      Buffer.alloc(30 * MIB),
    );
    await uploads.haveBegun(2);
    const reply = await system.request('PUT', '/api/projects/small/source', {
      token: bob.token,
      body: { files: { 'b.py': 'x = 1\n' } },
    });
    expect(reply.status).toBe(201);
    expect(uploads.begun).toBe(2);
    uploads.leave();
  }, 60_000);

  it("API4:2023 of many archives that nobody reads two are made, and nobody else's has to wait", async () => {
    const path = '/api/projects/large/archive?format=zip';
    downloads = new StalledTransfers(system.url, [
      `GET ${path} HTTP/1.1`,
      `Authorization: Bearer ${alice.token}`,
    ]);
    await downloads.haveBegun(2);
    const reply = await system.request('GET', '/api/projects/small/archive?format=zip', {
      token: bob.token,
    });
    expect(reply.status).toBe(200);
    // Made in the order in which they were asked for: the others' would have been before.
    expect(downloads.begun).toBe(2);
  }, 60_000);

  it('API4:2023 who reads nothing for half a minute is let go', async () => {
    await downloads?.haveBegun(4);
  }, 120_000);
});
