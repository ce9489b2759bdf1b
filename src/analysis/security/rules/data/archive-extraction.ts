import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-22 by way of the names inside an archive. */
export const ARCHIVE_EXTRACTION: Rule = {
  id: 'archive-extraction',
  title: 'Archive unpacked wherever its entries say',
  cwe: 'CWE-22',
  owasp: OWASP.access,
  severity: 'high',
  confidence: 'medium',
  message:
    'Entries of the archive can be named `../../x` or be links: unpacking writes outside the folder.',
  recommendation: {
    python: 'Filter the entries: `archive.extractall(target, filter="data")`.',
    javascript:
      'Resolve and check each name: `if (!path.resolve(target, name).startsWith(target + path.sep)) throw new Error(name)`.',
  },
  sinks: [
    {
      language: 'python',
      call: [
        'tarfile.{open,TarFile,TarFile.open}().{extractall,extract}',
        '*.{tar,tf,t,tar_file,tarball}.{extractall,extract}',
      ],
      when: [{ arg: ['filter', 'members'], missing: true }],
      imports: ['tarfile'],
    },
    {
      language: 'python',
      call: ['shutil.unpack_archive'],
      when: [
        { arg: 'filter', missing: true },
        { arg: 0, dynamic: true },
      ],
      confidence: 'low',
    },
  ],
};

/** The same written out by hand. */
export const ARCHIVE_ENTRY_PATH: Rule = {
  ...ARCHIVE_EXTRACTION,
  id: 'archive-entry-path',
  confidence: 'high',
  flow: { context: 'archive', trust: { request: 'high', network: 'medium', file: 'high' } },
  sinks: [
    {
      language: 'python',
      call: ['open', '*.{write_bytes,write_text}', 'shutil.copyfileobj'],
      args: [0, 'this'],
      trust: { file: 'medium' },
      imports: ['zipfile', 'tarfile'],
    },
    {
      language: 'javascript',
      call: [
        'fs.{writeFile,writeFileSync,createWriteStream,mkdirSync,mkdir,symlink,link,symlinkSync}',
        'fs.promises.writeFile',
        'fs/promises.writeFile',
        'fstream.Writer',
        'fs-extra.{outputFile,outputFileSync,ensureDir,ensureDirSync}',
        'graceful-fs.{writeFile,createWriteStream,symlink,link}',
        '*.{createWriteStream,symlink,symlinkSync,link,linkSync,writeFileSync}',
        'make-dir',
        'mkdirp',
        'mkdirp.sync',
      ],
      args: [0, 1, '0.path'],
      trust: { file: 'high' },
      importsLike: /zip|tar|unpack|fstream|archiv|decompress|fflate|yauzl|unrar|7z/i,
    },
  ],
};
