import { gzipSync } from 'node:zlib';
import {
  rawTarGz,
  rawZip,
  type RawTarEntry,
  type RawZipEntry,
} from '../../src/projects/upload/raw-archives.fixture.js';
import { describeSecurity } from '../support/security-suite.js';
import { errorBody } from '../support/system-shapes.js';
import type { Account } from '../support/system-client.js';

const MIB = 1024 * 1024;
const FINE = { name: 'a.py', content: 'a = 1\n' };
const ESCAPES = [
  '../x',
  'a/../../x',
  '/etc/cron.d/x',
  'C:\\x',
  'C:/x',
  '..\\x',
  'a\\..\\..\\x',
  './../x',
  'a/./../../x',
  '.git/hooks/pre-commit',
  'a/.GIT/config',
  'x\0.py',
  '..',
  '~/../../x',
];

const SPECIAL_ZIP: [string, RawZipEntry][] = [
  ['symlink', { name: 'link', content: '/etc/passwd', mode: 0o120777 }],
  ['device', { name: 'null', mode: 0o020666 }],
  ['block device', { name: 'sda', mode: 0o060666 }],
  ['FIFO', { name: 'pipe', mode: 0o010666 }],
  ['socket', { name: 'socket', mode: 0o140666 }],
  ['encrypted file', { name: 'x.py', content: 'x', flags: 1 }],
  ['file that claims another size', { name: 'x.py', content: 'a'.repeat(1_000), size: 3 }],
  ['file of an unknown method', { name: 'x.py', content: 'x', method: 99 }],
];
const SPECIAL_TAR: [string, RawTarEntry][] = [
  ['hard link', { name: 'link', type: '1', linkName: '/etc/passwd' }],
  ['symlink', { name: 'link', type: '2', linkName: '/etc/passwd' }],
  ['character device', { name: 'null', type: '3' }],
  ['block device', { name: 'sda', type: '4' }],
  ['FIFO', { name: 'pipe', type: '6' }],
];
const BOMBS: [string, string, () => Buffer, number][] = [
  [
    'a zip that unpacks to 60 MiB',
    'zip',
    () =>
      rawZip(
        Array.from({ length: 15 }, (_, i) => ({
          name: `${i}.txt`,
          content: Buffer.alloc(4 * MIB),
        })),
      ),
    413,
  ],
  [
    'a zip of one large file',
    'zip',
    () => rawZip([{ name: 'x', content: Buffer.alloc(60 * MIB) }]),
    413,
  ],
  [
    'a zip that hides its size',
    'zip',
    () => rawZip([{ name: 'x', content: Buffer.alloc(60 * MIB), size: 10 }]),
    413,
  ],
  [
    'a zip of 20,000 entries',
    'zip',
    () => rawZip(Array.from({ length: 20_000 }, (_, i) => ({ name: `d/${i}` }))),
    413,
  ],
  ['a tar of 200 MiB', 'gzip', () => gzipSync(Buffer.alloc(200 * MIB)), 413],
  ['a tar that claims a terabyte', 'gzip', () => rawTarGz([{ name: 'x', size: 2 ** 33 - 1 }]), 413],
  ['a zip with a path twice', 'zip', () => rawZip([FINE, FINE]), 400],
  ['a gzip in a gzip', 'gzip', () => gzipSync(gzipSync(Buffer.alloc(MIB))), 400],
];

describeSecurity('uploads', {}, (system) => {
  let alice: Account;

  beforeAll(async () => {
    alice = await system.register();
  });

  async function upload(type: string, raw: Buffer, headers: Record<string, string> = {}) {
    return system.request('PUT', '/api/projects/hostile/source', {
      ...{
        token: alice.token,
        raw,
        headers: { 'Content-Type': `application/${type}`, ...headers },
      },
    });
  }

  /** Refused, and nothing of it was kept. */
  async function expectRefused(
    type: string,
    body: Buffer,
    status: number,
    headers = {},
  ): Promise<void> {
    const reply = await upload(type, body, headers);
    expect([reply.status, reply.body]).toEqual([status, errorBody(status)]);
    const { token } = alice;
    expect((await system.request('GET', '/api/projects/hostile/files', { token })).status).toBe(
      404,
    );
  }

  it.each(ESCAPES)('API8:2023 ASVS 12.3.2 no format takes the path %j', async (name) => {
    const json = Buffer.from(JSON.stringify({ files: { 'a.py': '', [name]: 'x' } }));
    await expectRefused('zip', rawZip([FINE, { name, content: 'x' }]), 400);
    await expectRefused('json', json, 400);
    // A tar's names end at their first NUL: that one is a harmless name there.
    if (!name.includes('\0')) {
      await expectRefused('gzip', rawTarGz([FINE, { name, content: 'x' }]), 400);
    }
  });

  it.each(SPECIAL_ZIP)('ASVS 12.3.3 no zip with a %s', async (_, entry) => {
    await expectRefused('zip', rawZip([FINE, entry]), 400);
  });

  it.each(SPECIAL_TAR)('ASVS 12.3.3 no tar with a %s', async (_, entry) => {
    await expectRefused('gzip', rawTarGz([FINE, entry]), 400);
  });

  it.each(BOMBS)('API4:2023 ASVS 12.1.2 refuses %s', async (_, type, make, status) => {
    const startedAt = performance.now();
    const body = make();
    const madeAt = performance.now();
    await expectRefused(type, body, status);
    expect(performance.now() - madeAt).toBeLessThan(5_000 + (madeAt - startedAt));
  });

  it('API4:2023 an encoding around an upload is not taken off', async () => {
    await expectRefused('zip', gzipSync(rawZip([FINE])), 415, { 'Content-Encoding': 'gzip' });
  });

  it('API4:2023 ASVS 12.1.1 refuses an upload over the limit', async () => {
    await expectRefused('zip', Buffer.alloc(51 * MIB), 413);
  });

  it('ASVS 12.5.2 ASVS 14.4.2 what comes back is never a page of ours', async () => {
    const { token } = alice;
    const html = '<script>alert(1)</script>';
    const files = {
      'x.html': html,
      'x.svg': '<svg onload="alert(1)"/>',
      'x.js': 'alert(1)',
      'a"b.txt': 'x',
    };
    const put = await system.request('PUT', '/api/projects/pages/source', {
      token,
      body: { files },
    });
    expect(put.status).toBe(201);
    for (const name of Object.keys(files)) {
      const reply = await system.request(
        'GET',
        `/api/projects/pages/files/${encodeURIComponent(name)}`,
        { token },
      );
      expect([name, reply.status]).toEqual([name, 200]);
      expect(reply.headers['content-type']).not.toMatch(/html|svg|xml|javascript/);
      expect(reply.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'self'") as string,
      });
    }
  });
});
