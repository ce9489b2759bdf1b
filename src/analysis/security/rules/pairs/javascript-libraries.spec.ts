import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

/** What packages do with the parameters of their exported functions. */
const PAIRS: readonly Pair[] = [
  {
    rule: 'regex-polynomial',
    name: 'a trim by expression',
    flawed: `module.exports = (text) => text.replace(/[\\r\\n]+$/, '');`,
    corrected: `module.exports = (text) => text.replace(/^[\\r\\n]+/, '');`,
  },
  {
    rule: 'regex-polynomial',
    name: 'two repetitions of the same characters',
    flawed: `const LIST = / *, */;
exports.parse = function (header) { return header.split(LIST); };`,
    corrected: `exports.parse = function (header) { return header.split(',').map((part) => part.trim()); };`,
  },
  {
    rule: 'regex-polynomial',
    name: 'an optional group between repetitions',
    flawed: `exports.isNumber = (text) => /^\\d+\\.?\\d*$/.test(text);`,
    corrected: `exports.isNumber = (text) => /^\\d+(?:\\.\\d*)?$/.test(text);`,
  },
  {
    rule: 'regex-backtracking',
    name: 'an option that covers another one',
    flawed: `const QUOTED = /^"(?:\\\\[\\x00-\\x7f]|[^\\x00-\\x08"])*"$/;
exports.isQuoted = (text) => QUOTED.test(text);`,
    corrected: `const QUOTED = /^"(?:\\\\[\\x00-\\x7f]|[^\\\\\\x00-\\x08"])*"$/;
exports.isQuoted = (text) => QUOTED.test(text);`,
  },
  {
    rule: 'prototype-pollution',
    name: 'a merge through a helper that hands over values and keys',
    flawed: `function fill(target, extra) {
  utils.forOwn(extra, function (value, key) {
    const present = target[key];
    if (present == null) target[key] = value;
    else if (typeof present === 'object') fill(present, value);
  });
  return target;
}
module.exports = fill;`,
    corrected: `function fill(target, extra) {
  utils.forOwn(extra, function (value, key) {
    if (key === '__proto__' || key === 'constructor') return;
    const present = target[key];
    if (present == null) target[key] = value;
    else if (typeof present === 'object') fill(present, value);
  });
  return target;
}
module.exports = fill;`,
  },
  {
    rule: 'prototype-pollution',
    name: 'a setter whose segments come from a helper',
    flawed: `export function setDeep(obj: any, dotted: string, value: any): void {
  const a = splitPath(dotted);
  for (let i = 0; i < a.length - 1; i++) {
    const k = a[i];
    if (!(k in obj)) obj[k] = {};
    obj = obj[k];
  }
  obj[a[a.length - 1]] = value;
}`,
    corrected: `export function setDeep(obj: any, dotted: string, value: any): void {
  const a = splitPath(dotted);
  if (a.some((k) => k === '__proto__' || k === 'constructor' || k === 'prototype')) return;
  for (let i = 0; i < a.length - 1; i++) {
    const k = a[i];
    if (!(k in obj)) obj[k] = {};
    obj = obj[k];
  }
  obj[a[a.length - 1]] = value;
}`,
  },
  {
    rule: 'prototype-pollution',
    name: 'a merge that knows plain objects by their constructor',
    flawed: `function isPlainObject(value) {
  return value && hasOwn.call(value, 'constructor') === false && typeof value === 'object';
}
module.exports = function extend(deep, target, options) {
  for (var name in options) {
    var src = target[name];
    var copy = options[name];
    if (deep && isPlainObject(copy)) {
      var clone = src && isPlainObject(src) ? src : {};
      target[name] = extend(deep, clone, copy);
    } else {
      target[name] = copy;
    }
  }
  return target;
};`,
    corrected: `function isPlainObject(value) {
  return value && hasOwn.call(value, 'constructor') === false && typeof value === 'object';
}
module.exports = function extend(deep, target, options) {
  for (var name in options) {
    if (name === '__proto__') continue;
    var src = target[name];
    var copy = options[name];
    if (deep && isPlainObject(copy)) {
      var clone = src && isPlainObject(src) ? src : {};
      target[name] = extend(deep, clone, copy);
    } else {
      target[name] = copy;
    }
  }
  return target;
};`,
  },
  {
    rule: 'code-injection',
    name: 'a comparison that converts',
    flawed: `export function run(q: any) { if (q == 1) { return eval(q); } }`,
    corrected: `export function run(q: any) { if (q === 1) { return eval(q); } }`,
  },
  {
    rule: 'command-injection',
    name: 'a shell of execa',
    flawed: `const sh = require('execa').shell;
module.exports = (port) => sh(\`lsof -i tcp:\${port} | xargs kill\`);`,
    corrected: `const execa = require('execa');
module.exports = (port) => execa('lsof', ['-i', \`tcp:\${Number(port)}\`]);`,
  },
  {
    rule: 'path-traversal',
    name: 'a static server by hand that is handed the path',
    flawed: `const fs = require('fs');
exports.serve = function (pathname, req, res) {
  fs.createReadStream('public/' + unescape(pathname)).pipe(res);
};`,
    corrected: `const fs = require('fs');
const path = require('path');
exports.serve = function (pathname, req, res) {
  const file = path.resolve('public', '.' + pathname);
  if (!file.startsWith(path.resolve('public') + path.sep)) return res.end();
  fs.createReadStream(file).pipe(res);
};`,
  },
  {
    rule: 'path-traversal',
    name: 'a check of the beginning by indexOf',
    flawed: `const fs = require('fs');
const path = require('path');
exports.serve = (req, res) => {
  const file = path.join(ROOT, req.url);
  fs.createReadStream(file).pipe(res);
};`,
    corrected: `const fs = require('fs');
const path = require('path');
exports.serve = (req, res) => {
  const file = path.join(ROOT, req.url);
  if (file.indexOf(ROOT) !== 0) return res.end();
  fs.createReadStream(file).pipe(res);
};`,
  },
  {
    rule: 'path-traversal',
    name: 'a check for the way up by ~indexOf',
    flawed: `const fs = require('fs');
exports.serve = (req, res) => fs.createReadStream('public/' + req.url).pipe(res);`,
    corrected: `const fs = require('fs');
exports.serve = (req, res) => {
  const file = 'public/' + req.url;
  if (~file.indexOf('..')) return res.end();
  fs.createReadStream(file).pipe(res);
};`,
  },
  {
    rule: 'archive-entry-path',
    name: 'an unpacker that makes folders',
    flawed: `const path = require('path');
const makeDir = require('make-dir');
const decompressTar = require('decompress-tar');
module.exports = (files, output) => Promise.all(files.map((x) => {
  const dest = path.join(output, x.path);
  return makeDir(dest);
}));`,
    corrected: `const path = require('path');
const makeDir = require('make-dir');
const decompressTar = require('decompress-tar');
module.exports = (files, output) => Promise.all(files.map((x) => {
  const dest = path.resolve(output, x.path);
  if (!dest.startsWith(path.resolve(output) + path.sep)) throw new Error(x.path);
  return makeDir(dest);
}));`,
  },
];

describePairs('JavaScript, libraries', PAIRS, (text) => analyzeFile('lib/index.ts', text).findings);
