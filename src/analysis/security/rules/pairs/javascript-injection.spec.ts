import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const EXPRESS = "import express from 'express';\nconst app = express();\n";

const PAIRS: readonly Pair[] = [
  {
    rule: 'sql-injection',
    name: 'template literal in pg',
    flawed: `${EXPRESS}import pg from 'pg';
const pool = new pg.Pool();
app.get('/user', async (req, res) => {
  const { rows } = await pool.query(\`SELECT * FROM users WHERE name = '\${req.query.name}'\`);
  res.json(rows);
});`,
    corrected: `${EXPRESS}import pg from 'pg';
const pool = new pg.Pool();
app.get('/user', async (req, res) => {
  const { rows } = await pool.query('SELECT * FROM users WHERE name = $1', [req.query.name]);
  res.json(rows);
});`,
  },
  {
    rule: 'sql-injection',
    name: 'plain parameter in a class, mysql',
    flawed: `class Users {
  constructor(connection) { this.connection = connection; }
  find(name, done) {
    const sql = "SELECT * FROM users WHERE name = '" + name + "'";
    this.connection.query(sql, done);
  }
}
module.exports = Users;`,
    corrected: `class Users {
  constructor(connection) { this.connection = connection; }
  find(name, done) {
    this.connection.query('SELECT * FROM users WHERE name = ?', [name], done);
  }
}
module.exports = Users;`,
  },
  {
    rule: 'sql-injection',
    name: 'Nest query parameter in a repository',
    flawed: `import { Controller, Get, Query } from '@nestjs/common';
@Controller('users')
export class UsersController {
  constructor(private readonly dataSource: DataSource) {}
  @Get()
  find(@Query('sort') sort: string) {
    return this.dataSource.query(\`SELECT * FROM users ORDER BY \${sort}\`);
  }
}`,
    corrected: `import { Controller, Get, Query } from '@nestjs/common';
const COLUMNS = ['name', 'created'];
@Controller('users')
export class UsersController {
  constructor(private readonly dataSource: DataSource) {}
  @Get()
  find(@Query('sort') sort: string) {
    if (!COLUMNS.includes(sort)) {
      throw new BadRequestException();
    }
    return this.dataSource.query(\`SELECT * FROM users ORDER BY \${sort}\`);
  }
}`,
  },
  {
    rule: 'command-injection',
    name: 'exec with a query parameter',
    flawed: `${EXPRESS}import { exec } from 'node:child_process';
app.get('/ping', (req, res) => {
  exec('ping -c 1 ' + req.query.host, (error) => res.json({ ok: !error }));
});`,
    corrected: `${EXPRESS}import { execFile } from 'node:child_process';
app.get('/ping', (req, res) => {
  execFile('ping', ['-c', '1', req.query.host], (error) => res.json({ ok: !error }));
});`,
  },
  {
    rule: 'command-injection',
    name: 'execSync with a plain parameter',
    flawed: `const { execSync } = require('child_process');
exports.clone = function (url) {
  return execSync(\`git clone \${url}\`).toString();
};`,
    corrected: `const { execFileSync } = require('child_process');
exports.clone = function (url) {
  return execFileSync('git', ['clone', '--', url]).toString();
};`,
  },
  {
    rule: 'command-injection',
    name: 'spawn through a shell',
    flawed: `${EXPRESS}const cp = require('child_process');
app.post('/convert', (req, res) => {
  cp.spawn('convert ' + req.body.file, { shell: true });
  res.end();
});`,
    corrected: `${EXPRESS}const cp = require('child_process');
app.post('/convert', (req, res) => {
  cp.spawn('convert', [req.body.file]);
  res.end();
});`,
  },
  {
    rule: 'code-injection',
    name: 'eval of a body field',
    flawed: `${EXPRESS}
app.post('/calc', (req, res) => { res.json({ value: eval(req.body.formula) }); });`,
    corrected: `${EXPRESS}
app.post('/calc', (req, res) => { res.json({ value: JSON.parse(req.body.formula) }); });`,
  },
  {
    rule: 'code-injection',
    name: 'new Function of a parameter',
    flawed:
      'export function compile(source) {\n  return new Function("x", "return " + source);\n}\n',
    corrected:
      'const table = new Map([["double", (x) => 2 * x]]);\nexport function compile(name) {\n  return table.get(name);\n}\n',
  },
  {
    rule: 'path-traversal',
    name: 'readFile below a folder',
    flawed: `${EXPRESS}import fs from 'fs';
import path from 'path';
app.get('/file', (req, res) => {
  fs.readFile(path.join('/srv/files', req.query.name), (error, data) => res.json({ size: data.length }));
});`,
    corrected: `${EXPRESS}import fs from 'fs';
import path from 'path';
const BASE = '/srv/files';
app.get('/file', (req, res) => {
  const file = path.resolve(BASE, req.query.name);
  if (!file.startsWith(BASE + path.sep)) {
    return res.sendStatus(404);
  }
  fs.readFile(file, (error, data) => res.json({ size: data.length }));
});`,
  },
  {
    rule: 'path-traversal',
    name: 'sendFile',
    flawed: `${EXPRESS}
app.get('/f/:name', (req, res) => { res.sendFile('/srv/files/' + req.params.name); });`,
    corrected: `${EXPRESS}
app.get('/f/:name', (req, res) => { res.sendFile(req.params.name, { root: '/srv/files' }); });`,
  },
  {
    rule: 'ssrf',
    name: 'axios with a URL of the caller',
    flawed: `${EXPRESS}import axios from 'axios';
app.get('/fetch', async (req, res) => {
  const answer = await axios.get(req.query.url);
  res.json(answer.data);
});`,
    corrected: `${EXPRESS}import axios from 'axios';
const HOSTS = new Set(['api.example.com']);
app.get('/fetch', async (req, res) => {
  const target = new URL(req.query.url);
  if (!HOSTS.has(target.hostname)) {
    return res.sendStatus(400);
  }
  const answer = await axios.get(target.href);
  res.json(answer.data);
});`,
  },
  {
    rule: 'ssrf',
    name: 'Next route handler',
    flawed: `export async function POST(request: Request) {
  const { webhook } = await request.json();
  await fetch(webhook, { method: 'POST' });
  return Response.json({ ok: true });
}`,
    corrected: `export async function POST(request: Request) {
  const { id } = await request.json();
  await fetch(\`https://hooks.example.com/\${encodeURIComponent(id)}\`, { method: 'POST' });
  return Response.json({ ok: true });
}`,
  },
  {
    rule: 'xss',
    name: 'Express answer',
    flawed: `${EXPRESS}
app.get('/hello', (req, res) => { res.send('<h1>Hello ' + req.query.name + '</h1>'); });`,
    corrected: `${EXPRESS}import escapeHtml from 'escape-html';
app.get('/hello', (req, res) => { res.send('<h1>Hello ' + escapeHtml(req.query.name) + '</h1>'); });`,
  },
  {
    rule: 'xss',
    name: 'innerHTML from the address',
    flawed: `const name = new URLSearchParams(window.location.search).get('name');
document.getElementById('greeting').innerHTML = 'Hello ' + name;`,
    corrected: `const name = new URLSearchParams(window.location.search).get('name');
document.getElementById('greeting').textContent = 'Hello ' + name;`,
  },
  {
    rule: 'xss',
    name: 'dangerouslySetInnerHTML of a property',
    flawed:
      'export function Post({ body }) {\n  return <div dangerouslySetInnerHTML={{ __html: body }} />;\n}\n',
    corrected:
      "import DOMPurify from 'dompurify';\nexport function Post({ body }) {\n  return <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(body) }} />;\n}\n",
  },
  {
    rule: 'template-injection',
    name: 'Handlebars source from a request',
    flawed: `${EXPRESS}import Handlebars from 'handlebars';
app.post('/preview', (req, res) => { res.json({ html: Handlebars.compile(req.body.template)({}) }); });`,
    corrected: `${EXPRESS}import Handlebars from 'handlebars';
const view = Handlebars.compile('Hello {{name}}');
app.post('/preview', (req, res) => { res.json({ html: view({ name: req.body.name }) }); });`,
  },
  {
    rule: 'open-redirect',
    name: 'next parameter',
    flawed: `${EXPRESS}
app.get('/login', (req, res) => { res.redirect(req.query.next); });`,
    corrected: `${EXPRESS}const TARGETS = new Map([['account', '/account']]);
app.get('/login', (req, res) => { res.redirect(TARGETS.get(req.query.next) ?? '/'); });`,
  },
  {
    rule: 'unsafe-deserialisation',
    name: 'node-serialize',
    flawed: `${EXPRESS}const serialize = require('node-serialize');
app.post('/state', (req, res) => { serialize.unserialize(req.cookies.state); res.end(); });`,
    corrected: `${EXPRESS}
app.post('/state', (req, res) => { JSON.parse(req.cookies.state); res.end(); });`,
  },
  {
    rule: 'xml-external-entities',
    name: 'libxmljs with noent',
    flawed:
      "import libxmljs from 'libxmljs';\nexport const read = (text) => libxmljs.parseXml(text, { noent: true });\n",
    corrected:
      "import libxmljs from 'libxmljs';\nexport const read = (text) => libxmljs.parseXml(text, { noent: false });\n",
  },
  {
    rule: 'nosql-injection',
    name: 'mongoose filter from a body',
    flawed: `${EXPRESS}import mongoose from 'mongoose';
const User = mongoose.model('User');
app.post('/login', async (req, res) => {
  const user = await User.findOne({ name: req.body.name, password: req.body.password });
  res.json({ ok: user !== null });
});`,
    corrected: `${EXPRESS}import mongoose from 'mongoose';
const User = mongoose.model('User');
app.post('/login', async (req, res) => {
  const user = await User.findOne({ name: String(req.body.name) });
  res.json({ ok: user !== null });
});`,
  },
  {
    rule: 'ldap-injection',
    name: 'ldapjs filter in a template literal',
    flawed: `${EXPRESS}import ldap from 'ldapjs';
const client = ldap.createClient({ url: 'ldaps://ldap.example.com' });
app.get('/who', (req, res) => {
  client.search('dc=example,dc=com', { filter: \`(uid=\${req.query.uid})\` }, () => res.end());
});`,
    corrected: `${EXPRESS}import ldap from 'ldapjs';
const client = ldap.createClient({ url: 'ldaps://ldap.example.com' });
app.get('/who', (req, res) => {
  const filter = new ldap.EqualityFilter({ attribute: 'uid', value: req.query.uid });
  client.search('dc=example,dc=com', { filter }, () => res.end());
});`,
  },
  {
    rule: 'xpath-injection',
    name: 'xpath.select',
    flawed: `${EXPRESS}import xpath from 'xpath';
app.get('/user', (req, res) => {
  res.json(xpath.select("//user[@name='" + req.query.name + "']", doc).length);
});`,
    corrected: `${EXPRESS}import xpath from 'xpath';
const find = xpath.parse('//user[@name=$name]');
app.get('/user', (req, res) => {
  res.json(find.select({ node: doc, variables: { name: req.query.name } }).length);
});`,
  },
  {
    rule: 'log-injection',
    name: 'console.log',
    isLow: true,
    flawed: `${EXPRESS}
app.get('/x', (req, res) => { console.log('user ' + req.query.name); res.end(); });`,
    corrected: `${EXPRESS}
app.get('/x', (req, res) => { console.log('user ' + Number(req.query.id)); res.end(); });`,
  },
  {
    rule: 'header-injection',
    name: 'header name from a request',
    flawed: `${EXPRESS}
app.get('/x', (req, res) => { res.setHeader(req.query.header, '1'); res.end(); });`,
    corrected: `${EXPRESS}
app.get('/x', (req, res) => { res.setHeader('X-Mode', '1'); res.end(); });`,
  },
  {
    rule: 'prototype-pollution',
    name: 'deep merge of a body',
    flawed: `${EXPRESS}import _ from 'lodash';
const settings = {};
app.post('/settings', (req, res) => { _.merge(settings, req.body); res.end(); });`,
    corrected: `${EXPRESS}import { z } from 'zod';
import _ from 'lodash';
const Settings = z.object({ theme: z.string() });
const settings = {};
app.post('/settings', (req, res) => { _.merge(settings, Settings.parse(req.body)); res.end(); });`,
  },
  {
    rule: 'mass-assignment',
    name: 'record from a whole body',
    flawed: `${EXPRESS}
app.post('/users', async (req, res) => { await User.create(req.body); res.end(); });`,
    corrected: `${EXPRESS}
app.post('/users', async (req, res) => {
  const { name, email } = req.body;
  await User.create({ name, email });
  res.end();
});`,
  },
  {
    rule: 'regex-injection',
    name: 'RegExp from a request',
    flawed: `${EXPRESS}
app.get('/search', (req, res) => { res.json(new RegExp(req.query.q).test('text')); });`,
    corrected: `${EXPRESS}import escapeStringRegexp from 'escape-string-regexp';
app.get('/search', (req, res) => { res.json(new RegExp(escapeStringRegexp(req.query.q)).test('text')); });`,
  },
  {
    rule: 'archive-entry-path',
    name: 'zip entries written by their names',
    flawed: `import fs from 'fs';
import path from 'path';
import AdmZip from 'adm-zip';
export function unpack(file, target) {
  const zip = new AdmZip(file);
  for (const entry of zip.getEntries()) {
    fs.writeFileSync(path.join(target, entry.entryName), entry.getData());
  }
}`,
    corrected: `import fs from 'fs';
import path from 'path';
import AdmZip from 'adm-zip';
export function unpack(file, target) {
  const zip = new AdmZip(file);
  for (const entry of zip.getEntries()) {
    const out = path.resolve(target, entry.entryName);
    if (!out.startsWith(target + path.sep)) {
      throw new Error('outside');
    }
    fs.writeFileSync(out, entry.getData());
  }
}`,
  },
];

describePairs(
  'JavaScript injection',
  PAIRS,
  (text) => analyzeFile(text.includes('<div') ? 'app.jsx' : 'app.ts', text).findings,
);
