import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const EXPRESS = "const express = require('express');\nconst app = express();\n";

const PAIRS: readonly Pair[] = [
  {
    rule: 'prototype-pollution',
    name: 'a deep merge',
    flawed: `function merge(target, ...sources) {
  for (const source of sources) {
    for (const key of Object.keys(source)) {
      const old = target[key];
      const value = source[key];
      if (isObject(old) && isObject(value)) merge(old, value);
      else target[key] = value;
    }
  }
}
module.exports = merge;`,
    corrected: `function merge(target, ...sources) {
  for (const source of sources) {
    for (const key of Object.keys(source)) {
      if (key === '__proto__' || key === 'constructor') continue;
      const old = target[key];
      const value = source[key];
      if (isObject(old) && isObject(value)) merge(old, value);
      else target[key] = value;
    }
  }
}
module.exports = merge;`,
  },
  {
    rule: 'prototype-pollution',
    name: 'a setter that walks down a path',
    flawed: `exports.set = function (target, path, value) {
  const keys = path.split('.');
  while (keys.length > 1) {
    const key = keys.shift();
    if (!target[key]) target[key] = {};
    target = target[key];
  }
  target[keys[0]] = value;
};`,
    corrected: `exports.set = function (target, path, value) {
  const keys = path.split('.');
  if (keys.includes('__proto__') || keys.includes('constructor')) return;
  while (keys.length > 1) {
    const key = keys.shift();
    if (!target[key]) target[key] = {};
    target = target[key];
  }
  target[keys[0]] = value;
};`,
  },
  {
    rule: 'unsafe-reflection',
    name: 'a method by name',
    flawed: `${EXPRESS}app.get('/', (req, res) => { actions[req.query.do](); res.end(); });`,
    corrected: `${EXPRESS}app.get('/', (req, res) => { ACTIONS.get(req.query.do)?.(); res.end(); });`,
  },
  {
    rule: 'fixed-salt',
    name: 'scrypt with a salt from the source',
    flawed:
      "const crypto = require('crypto');\nexports.store = (key) => crypto.scryptSync(key, 'pepper', 32);",
    corrected:
      "const crypto = require('crypto');\nexports.store = (key) => crypto.scryptSync(key, crypto.randomBytes(16), 32);",
  },
  {
    rule: 'regex-polynomial',
    name: 'spaces at the end of a header',
    flawed: `${EXPRESS}app.get('/', (req, res) => { res.json({ n: req.headers['x-name'].replace(/\\s+$/, '').length }); });`,
    corrected: `${EXPRESS}app.get('/', (req, res) => { res.json({ n: req.headers['x-name'].trimEnd().length }); });`,
  },
  {
    rule: 'archive-entry-path',
    name: 'a stream of entries',
    flawed: `const { Writer } = require('fstream');
const path = require('path');
exports.unpack = (archive, target) => {
  archive.on('entry', (entry) => entry.pipe(Writer({ path: path.join(target, entry.path) })));
};`,
    corrected: `const { Writer } = require('fstream');
const path = require('path');
exports.unpack = (archive, target) => {
  archive.on('entry', (entry) => entry.pipe(Writer({ path: path.join(target, path.basename(entry.path)) })));
};`,
  },
  {
    rule: 'small-key',
    name: 'node-rsa',
    flawed: "const NodeRSA = require('node-rsa');\nexports.key = () => new NodeRSA({ b: 1024 });",
    corrected:
      "const NodeRSA = require('node-rsa');\nexports.key = () => new NodeRSA({ b: 3072 });",
  },
  {
    rule: 'unencrypted-protocol',
    name: 'a password over HTTP',
    flawed:
      "const axios = require('axios');\nexports.me = (auth) => axios.get('http://api.example.com/me', { auth });",
    corrected:
      "const axios = require('axios');\nexports.me = (auth) => axios.get('https://api.example.com/me', { auth });",
  },
  {
    rule: 'command-injection',
    name: 'a promise of another library, in a file wrapped by a function',
    flawed: `(function () {
  var pify = require('pify'), cp = require('child_process');
  exports.find = function find(arg, done) { pify(cp.exec)('findstr ' + arg).then(done); };
  exports.node = function (done) { exports.find('node', done); };
})();`,
    corrected: `(function () {
  var pify = require('pify'), cp = require('child_process');
  exports.find = function find(arg, done) { pify(cp.execFile)('findstr', [arg]).then(done); };
  exports.node = function (done) { exports.find('node', done); };
})();`,
  },
  {
    rule: 'command-injection',
    name: 'only plain characters let through',
    flawed:
      "const { exec } = require('child_process');\nexports.run = (name) => exec('echo ' + name.replace(/\"/g, ''));",
    corrected:
      "const { exec } = require('child_process');\nexports.run = (name) => exec('echo ' + name.replace(/[^a-z0-9]/g, ''));",
  },
];

describePairs('JavaScript', PAIRS, (text) => analyzeFile('src/app.js', text).findings);
