import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ARCHIVE_FORMATS, createArchive } from './archive.js';

const run = promisify(execFile);

const FILES = new Map([
  ['run.sh', Buffer.from('#!/bin/sh\n')],
  ['empty', Buffer.alloc(0)],
  ['src/naïve 日本.txt', Buffer.from('é\n')],
  [`${'folder/'.repeat(30)}${'n'.repeat(150)}.py`, Buffer.from('x = 1\n')],
  ['image.bin', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
]);

describe(createArchive.name, () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function unpacked(format: 'zip' | 'tar.gz'): Promise<string> {
    const path = join(folder, `a.${format}`);
    await writeFile(path, await createArchive(format, 'shop', FILES));
    await (format === 'zip'
      ? run('unzip', ['-q', path, '-d', folder])
      : run('tar', ['xzf', path, '-C', folder]));
    return join(folder, 'shop');
  }

  it.each(ARCHIVE_FORMATS)('makes a %s that the usual tool unpacks', async (format) => {
    const shop = await unpacked(format);

    for (const [path, content] of FILES) {
      expect(await readFile(join(shop, path))).toEqual(content);
    }
    expect((await stat(join(shop, 'run.sh'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(shop, 'empty'))).mode & 0o777).toBe(0o644);
  });

  it.each(ARCHIVE_FORMATS)('makes the same %s of the same files', async (format) => {
    const first = await createArchive(format, 'shop', FILES);
    const second = await createArchive(format, 'shop', new Map([...FILES].reverse()));

    expect(second.equals(first)).toBe(true);
  });

  it.each(ARCHIVE_FORMATS)('makes the same %s in another process and time zone', async (format) => {
    const script = `
      import { createArchive } from './src/projects/artifacts/archive.ts';
      const files = new Map([['b.sh', Buffer.from('#!')], ['a/é', Buffer.alloc(70_000, 'xyz')]]);
      process.stdout.write(await createArchive('${format}', 'shop', files));`;
    const make = async (zone: string) => {
      const args = [
        '--import',
        './test/support/ts-loader.mjs',
        '--input-type=module',
        '-e',
        script,
      ];
      const env = { ...process.env, TZ: zone, NODE_OPTIONS: '' };
      return (await run(process.execPath, args, { env, encoding: 'buffer' })).stdout;
    };

    const [first, second] = await Promise.all([make('Asia/Kathmandu'), make('Pacific/Chatham')]);

    expect(first?.length).toBeGreaterThan(100);
    expect(second?.equals(first ?? Buffer.alloc(0))).toBe(true);
  });

  it('writes no time of the machine', async () => {
    const zip = await createArchive('zip', 'shop', FILES);
    const gzip = await createArchive('tar.gz', 'shop', FILES);

    // Local header: time 0, date 1980-01-01, and no extra field with another.
    expect(zip.readUInt16LE(10)).toBe(0);
    expect(zip.readUInt16LE(12)).toBe((1 << 5) | 1);
    expect(zip.readUInt16LE(28)).toBe(0);
    // 315532800: 1980-01-01T00:00:00Z.
    expect(gunzipSync(gzip).toString('latin1', 136, 147)).toBe('02263523000');
    expect(gzip.subarray(3, 10)).toEqual(Buffer.from([0, 0, 0, 0, 0, 0, 255]));
  });
});
