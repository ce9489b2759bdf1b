import type { Rule } from '../../rule.js';
import { FROM_REMOTE, OWASP } from '../trust.js';

/** CWE-22: names of files chosen from outside. */
export const PATH_TRAVERSAL: Rule = {
  id: 'path-traversal',
  title: 'File path chosen by a remote party',
  cwe: 'CWE-22',
  owasp: OWASP.access,
  severity: 'high',
  message:
    'A value from outside decides which file is opened; with `..` or an absolute path it leaves the intended folder.',
  recommendation: {
    python:
      'Resolve and check before use: `path = (BASE / name).resolve()`, then `if not path.is_relative_to(BASE): abort(404)`; for a plain file name `secure_filename(name)`.',
    javascript:
      'Resolve and check before use: `const file = path.resolve(BASE, name)`, then `if (!file.startsWith(BASE + path.sep)) return res.sendStatus(404)`; for a plain file name `path.basename(name)`.',
  },
  flow: { context: 'path', trust: FROM_REMOTE },
  sinks: [
    {
      language: 'python',
      call: [
        'open',
        'io.open',
        'codecs.open',
        'aiofiles.open',
        'os.{open,remove,unlink,rename,replace,rmdir,removedirs,listdir,scandir,makedirs,mkdir,chmod,stat,startfile,readlink,walk}',
        'shutil.{copy,copyfile,copy2,move,rmtree,copytree,make_archive}',
        'flask.send_file',
        'send_file',
        'fastapi.responses.FileResponse',
        'starlette.responses.FileResponse',
        'fastapi.FileResponse',
        'django.http.FileResponse',
        'bottle.static_file',
        'aiohttp.web.FileResponse',
        'tarfile.open',
        'zipfile.ZipFile',
        'pandas.read_csv',
        'pandas.read_excel',
        'numpy.load',
        'PIL.Image.open',
        'linecache.getline',
        'configparser.ConfigParser().read',
        'logging.FileHandler',
        'sanic.response.file',
        'Image.open',
      ],
      args: [0, 'file', 'path', 'filename', 'path_or_file'],
    },
    {
      language: 'python',
      call: ['*.{read_text,read_bytes,write_text,write_bytes,unlink,open,rmdir,touch,iterdir}'],
      args: ['this'],
    },
    {
      language: 'python',
      call: ['shutil.{copy,copyfile,copy2,move}', 'os.{rename,replace,link,symlink}'],
      args: [1],
    },
    { language: 'python', call: ['*.save'], args: [0], receiver: /files|upload|file|image|img/i },
    {
      language: 'python',
      call: ['flask.send_from_directory', 'send_from_directory'],
      args: [0, 'directory'],
    },
    {
      language: 'javascript',
      call: [
        'fs.{readFile,readFileSync,writeFile,writeFileSync,appendFile,appendFileSync,createReadStream,createWriteStream,unlink,unlinkSync,open,openSync,readdir,readdirSync,rm,rmSync,rmdir,rmdirSync,mkdir,mkdirSync,stat,statSync,lstat,access,accessSync,copyFile,copyFileSync,rename,renameSync,opendir,existsSync,exists,readlink,symlink,chmod,truncate}',
        'fs.promises.{readFile,writeFile,appendFile,unlink,open,readdir,rm,rmdir,mkdir,stat,access,copyFile,rename,lstat}',
        'fs/promises.{readFile,writeFile,appendFile,unlink,open,readdir,rm,rmdir,mkdir,stat,access,copyFile,rename}',
        'fs-extra.{readFile,readFileSync,writeFile,writeFileSync,remove,removeSync,move,copy,createReadStream,createWriteStream,outputFile,readJson,readJSON,unlink,ensureDir,pathExists,existsSync,emptyDir}',
        'graceful-fs.{readFile,readFileSync,writeFile,createReadStream}',
        'Bun.file',
        'Deno.{readTextFile,readFile,open,writeTextFile,remove}',
        'rimraf',
        'koa-send',
        'send',
      ],
      args: [0],
    },
    {
      language: 'javascript',
      call: [
        'fs.{copyFile,copyFileSync,rename,renameSync,symlink}',
        'fs.promises.{copyFile,rename}',
        'fs-extra.{move,copy}',
        'send',
      ],
      args: [1],
    },
    // With `root` Express refuses to leave that folder.
    {
      language: 'javascript',
      call: ['$res.{sendFile,sendfile,download}', '*.{sendFile,sendfile}'],
      args: [0],
      unless: [
        { arg: '1.root', present: true },
        { arg: '2.root', present: true },
      ],
    },
    { language: 'javascript', call: ['*.mv'], args: [0], receiver: /files|upload|file/i },
    {
      language: 'javascript',
      call: ['$res.render', '*.res.render'],
      args: [0],
      confidence: 'medium',
    },
  ],
};
