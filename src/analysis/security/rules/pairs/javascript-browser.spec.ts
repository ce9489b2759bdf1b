import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const EXPRESS = "import express from 'express';\nconst app = express();\n";

const PAIRS: readonly Pair[] = [
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
