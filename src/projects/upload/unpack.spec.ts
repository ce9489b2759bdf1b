import { gzipSync } from 'node:zlib';
import { ApiError } from '../../common/api-error.js';
import { createArchive } from '../artifacts/archive.js';
import { unpack } from './unpack.js';
import { rawTarGz, rawZip, type RawTarEntry, type RawZipEntry } from './raw-archives.fixture.js';

const ZIP = 'application/zip';
const TAR_GZ = 'application/gzip';
const JSON_TYPE = 'application/json; charset=utf-8';
const MIB = 1024 * 1024;
const SYMLINK = 0o120777;

function read(body: Buffer, contentType: string | undefined, maxBytes = 8 * MIB) {
  return unpack(body, contentType, { maxBytes, projectName: 'shop' });
}

async function textsOf(body: Buffer, contentType: string): Promise<Record<string, string>> {
  const files = await read(body, contentType);
  return Object.fromEntries([...files].map(([path, content]) => [path, content.toString()]));
}

async function refusal(body: Buffer, contentType: string | undefined, maxBytes?: number) {
  const error: unknown = await read(body, contentType, maxBytes).catch((reason: unknown) => reason);
  return error instanceof ApiError ? [error.code, error.detail] : error;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

describe(unpack.name, () => {
  it.each([
    [ZIP, 'zip'],
    ['application/octet-stream', 'zip'],
    [TAR_GZ, 'tar.gz'],
    ['application/x-gzip', 'tar.gz'],
    ['application/octet-stream', 'tar.gz'],
  ] as const)('reads back what it packed, as %s from a %s', async (contentType, format) => {
    const files = new Map([
      ['README.md', Buffer.from('# Shop\n')],
      ['src/ünïcödé 日本.txt', Buffer.from([0, 255, 1])],
      [`${'deep/'.repeat(30)}${'n'.repeat(120)}`, Buffer.from('long path')],
      ['empty', Buffer.alloc(0)],
    ]);

    const read_ = await read(await createArchive(format, 'shop', files), contentType);

    expect(read_).toEqual(files);
  });

  it('reads JSON, with every path as it is written', async () => {
    const body = json({ files: { 'shop/a.py': 'x = "é"\n', constructor: '', 'b/c': 'd' } });

    expect(await textsOf(body, JSON_TYPE)).toEqual({
      'shop/a.py': 'x = "é"\n',
      constructor: '',
      'b/c': 'd',
    });
  });

  it.each([
    ['a wrapping folder', ['shop-main/a', 'shop-main/b/c'], ['a', 'b/c']],
    ['a wrapping folder named like the project', ['shop/a'], ['a']],
    ['only one wrapping folder', ['x/y/a', 'x/y/b'], ['y/a', 'y/b']],
    ['no folder that others lie beside', ['x/a', 'b'], ['x/a', 'b']],
    ['no folder of source', ['src/a', 'src/b'], ['src/a', 'src/b']],
    ['a leading dot', ['./a', './b/c'], ['a', 'b/c']],
    ["Finder's own folder", ['x/a', '__MACOSX/x/._a'], ['a']],
  ])('takes off %s', async (_, names, expected) => {
    const entries = names.map((name) => ({ name, content: name }));

    expect([...(await read(rawZip(entries), ZIP)).keys()]).toEqual(expected);
    expect([...(await read(rawTarGz(entries), TAR_GZ)).keys()]).toEqual(expected);
  });

  it('passes over folders', async () => {
    const zip = rawZip([{ name: 'a/', mode: 0o040755 }, { name: 'a/b' }, { name: 'c' }]);
    const tar = rawTarGz([
      { name: './', type: '5' },
      { name: './a/', type: '5' },
      { name: './a/b' },
      { name: './c' },
    ]);

    expect([...(await read(zip, ZIP)).keys()]).toEqual(['a/b', 'c']);
    expect([...(await read(tar, TAR_GZ)).keys()]).toEqual(['a/b', 'c']);
  });

  it('reads a UTF-8 name without the flag that says so', async () => {
    const zip = rawZip([{ name: 'é', flags: 0 }, { name: 'x' }]);

    expect([...(await read(zip, ZIP)).keys()]).toEqual(['é', 'x']);
  });

  const paths: [string | Buffer, string][] = [
    ['../x', 'A path leads out of its folder (..)'],
    ['a/../../x', 'A path leads out of its folder (..)'],
    ['/etc/passwd', 'A path is absolute'],
    ['C:/x', 'A path is absolute'],
    ['a\\b', 'A path has a backslash'],
    ['a\nb', 'A path has control characters or is not UTF-8'],
    ['.git/hooks/post-checkout', 'A path lies in a .git folder: leave that out'],
    ['x/.././../y/', 'A path leads out of its folder (..)'],
    [`${'d/'.repeat(33)}f`, 'A path is more than 32 folders deep'],
  ];
  it.each(paths)('refuses the path %p in every format', async (name, detail) => {
    const isFolder = name.toString().endsWith('/');
    const refused = ['bad_request', detail];

    expect(await refusal(rawZip([{ name: 'ok' }, { name }]), ZIP)).toEqual(refused);
    expect(
      await refusal(rawTarGz([{ name: 'ok' }, { name, type: isFolder ? '5' : '0' }]), TAR_GZ),
    ).toEqual(refused);
    if (!isFolder) {
      const body = json({ files: { ok: '', [name.toString()]: '' } });
      expect(await refusal(body, JSON_TYPE)).toEqual(refused);
    }
  });

  it('refuses a name of 60,000 slashes without trying patterns on it', async () => {
    const name = `a${'/'.repeat(60_000)}b/`;

    expect(await refusal(rawZip([{ name }]), ZIP)).toEqual([
      'bad_request',
      'A path is longer than 400 bytes',
    ]);
  });

  const hostileZips: [string, RawZipEntry[], string][] = [
    ['a symlink', [{ name: 'a', mode: SYMLINK, content: '/etc' }], 'has a link or a special file'],
    ['a device', [{ name: 'a', mode: 0o020644 }], 'has a link or a special file'],
    ['a FIFO', [{ name: 'a', mode: 0o010644 }], 'has a link or a special file'],
    ['encryption', [{ name: 'a', flags: 1, content: 'x' }], 'is encrypted'],
    [
      'another compression',
      [{ name: 'a', method: 12, content: 'x' }],
      'is compressed by a method other than deflate',
    ],
    [
      'a wrong checksum',
      [{ name: 'a', content: 'x', crc: 1 }],
      'is damaged: a checksum does not match',
    ],
    [
      'a wrong size',
      [{ name: 'a', content: 'xyz', size: 2 }],
      'is damaged: a checksum does not match',
    ],
  ];
  it.each(hostileZips)('refuses a zip with %s', async (_, entries, detail) => {
    expect(await refusal(rawZip(entries), ZIP)).toEqual(['bad_request', `The archive ${detail}`]);
  });

  const hostileTars: [string, RawTarEntry][] = [
    ['a symlink', { name: 'a', type: '2', linkName: '/etc' }],
    ['a hard link', { name: 'a', type: '1', linkName: '/etc/passwd' }],
    ['a character device', { name: 'a', type: '3' }],
    ['a block device', { name: 'a', type: '4' }],
    ['a FIFO', { name: 'a', type: '6' }],
    ['a sparse file', { name: 'a', type: 'S' }],
  ];
  it.each(hostileTars)('refuses a tar with %s', async (_, entry) => {
    expect(await refusal(rawTarGz([{ name: 'ok' }, entry]), TAR_GZ)).toEqual([
      'bad_request',
      'The archive has a link or a special file',
    ]);
  });

  it('refuses a path that comes twice', async () => {
    const entries = [{ name: 'a' }, { name: './a' }];
    const refused = ['bad_request', 'A path comes twice'];

    expect(await refusal(rawZip(entries), ZIP)).toEqual(refused);
    expect(await refusal(rawTarGz(entries), TAR_GZ)).toEqual(refused);
  });

  it('refuses a file where a folder is', async () => {
    const entries = [{ name: 'x' }, { name: 'a' }, { name: 'a/b' }];

    expect(await refusal(rawZip(entries), ZIP)).toEqual([
      'bad_request',
      'A path names both a file and a folder',
    ]);
  });

  it('refuses too many files, and too many entries', async () => {
    const files = Array.from({ length: 5_001 }, (_, index) => ({ name: `f${index}` }));
    const folders = Array.from({ length: 10_001 }, (_, index) => ({
      name: `d${index}/`,
      type: '5',
    }));
    const tooManyFiles = [
      'payload_too_large',
      'More than 5000 files: leave out dependencies and build output',
    ];
    const tooManyEntries = ['payload_too_large', 'More than 10000 entries in the archive'];

    expect(await refusal(rawZip(files), ZIP)).toEqual(tooManyFiles);
    expect(await refusal(rawTarGz(files), TAR_GZ)).toEqual(tooManyFiles);
    expect(await refusal(rawZip(folders), ZIP)).toEqual(tooManyEntries);
    expect(await refusal(rawTarGz(folders), TAR_GZ)).toEqual(tooManyEntries);
  });

  it('refuses a file that is too large, whatever the archive claims', async () => {
    const content = Buffer.alloc(6 * MIB);
    const refused = ['payload_too_large', 'A file is larger than 5 MiB'];

    expect(await refusal(rawZip([{ name: 'a', content }]), ZIP)).toEqual(refused);
    expect(await refusal(rawZip([{ name: 'a', content, size: 10 }]), ZIP, 50 * MIB)).toEqual([
      'payload_too_large',
      'The archive unpacks to more than 200 times its size and 4 MiB',
    ]);
    expect(await refusal(rawTarGz([{ name: 'a', content }]), TAR_GZ)).toEqual(refused);
  });

  it('refuses a bomb by the bytes that really come out', async () => {
    const file = Buffer.alloc(MIB);
    const entries = Array.from({ length: 9 }, (_, index) => ({ name: `f${index}`, content: file }));
    const refused = [
      'payload_too_large',
      'The archive unpacks to more than 200 times its size and 4 MiB',
    ];
    const lying = entries.map((entry) => ({ ...entry, size: 1 }));
    const skipped = { name: '__MACOSX/x', content: Buffer.alloc(30 * MIB) };

    expect(await refusal(rawZip(entries), ZIP, 50 * MIB)).toEqual(refused);
    expect(await refusal(rawZip(lying), ZIP)).toEqual([
      'bad_request',
      'The archive is damaged: a checksum does not match',
    ]);
    expect(await refusal(rawTarGz(entries), TAR_GZ, 50 * MIB)).toEqual(refused);
    expect(await refusal(rawTarGz([skipped]), TAR_GZ, MIB)).toEqual([
      'payload_too_large',
      'The archive unpacks to more than 20.5 MiB',
    ]);
  });

  it('refuses more than the limit in all', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3 }, (_, index) => [`f${index}`, 'x'.repeat(MIB)]),
    );

    expect(await refusal(json({ files }), JSON_TYPE, 2 * MIB)).toEqual([
      'payload_too_large',
      'The files are larger than 2 MiB in all',
    ]);
  });

  it.each([
    ['a truncated zip', rawZip([{ name: 'a', content: 'x' }]).subarray(0, -5), ZIP, 'zip'],
    ['a truncated gzip', rawTarGz([{ name: 'a', content: 'x' }]).subarray(0, -9), TAR_GZ, 'tar.gz'],
    ['a gzip of no tar', gzipSync('hello'.repeat(500)), TAR_GZ, 'tar.gz'],
    ['a cut tar', gzipSync(Buffer.alloc(300, 1)), TAR_GZ, 'tar.gz'],
  ])('refuses %s', async (_, body, contentType, format) => {
    expect(await refusal(body, contentType)).toEqual([
      'bad_request',
      `The body is damaged, or no ${format} archive`,
    ]);
  });

  it('refuses an entry that ends before its size', async () => {
    expect(await refusal(rawTarGz([{ name: 'a', content: 'x', size: 4096 }]), TAR_GZ)).toEqual([
      'bad_request',
      'The body is damaged, or no tar.gz archive',
    ]);
  });

  it.each([
    [Buffer.from('x'), ZIP, 'The body is no zip archive'],
    [rawTarGz([{ name: 'a' }]), ZIP, 'The body is no zip archive'],
    [Buffer.from('x'), 'application/octet-stream', 'The body is no zip or tar.gz'],
    [Buffer.alloc(0), ZIP, 'The body is empty'],
    [rawZip([]), ZIP, 'The upload has no files'],
    [json({ files: {} }), JSON_TYPE, 'The upload has no files'],
    [Buffer.from('{'), JSON_TYPE, 'The body is not valid JSON'],
    [Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE, 'The body is not valid UTF-8'],
    [Buffer.from('{"files":{"a":"\\ud800"}}'), JSON_TYPE, 'A text is not valid Unicode'],
  ])('refuses %p as %s', async (body, contentType, detail) => {
    expect(await refusal(body, contentType)).toEqual(['bad_request', detail]);
  });

  it.each([
    [[], { field: '', message: 'must be an object' }],
    [{}, { field: 'files', message: 'is required' }],
    [{ files: [] }, { field: 'files', message: 'must be an object of path to text' }],
    [{ files: { a: 1 } }, { field: 'files.a', message: 'must be a string' }],
    [
      { files: { a: '' }, x: 1 },
      { field: 'x', message: 'is not a known field' },
    ],
  ])('names the field of %j that does not fit', async (body, error) => {
    await expect(read(json(body), JSON_TYPE)).rejects.toMatchObject({
      code: 'validation_error',
      errors: [error],
    });
  });

  it.each([undefined, '', 'text/plain', 'multipart/form-data', 'constructor'])(
    'refuses the type %p',
    async (contentType) => {
      expect(await refusal(Buffer.from('x'), contentType)).toEqual([
        'unsupported_media_type',
        'The body must be application/zip, application/gzip (a tar.gz) or application/json',
      ]);
    },
  );
});
