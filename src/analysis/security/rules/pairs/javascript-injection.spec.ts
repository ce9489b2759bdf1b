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
];

describePairs(
  'JavaScript injection',
  PAIRS,
  (text) => analyzeFile(text.includes('<div') ? 'app.jsx' : 'app.ts', text).findings,
);
