import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const PAIRS: readonly Pair[] = [
  {
    rule: 'weak-hash',
    name: 'md5',
    flawed:
      "import { createHash } from 'crypto';\nexport const digest = (text) => createHash('md5').update(text).digest('hex');\n",
    corrected:
      "import { createHash } from 'crypto';\nexport const digest = (text) => createHash('sha256').update(text).digest('hex');\n",
  },
  {
    rule: 'weak-cipher',
    name: 'DES',
    flawed:
      "const crypto = require('crypto');\nexports.seal = (key, iv) => crypto.createCipheriv('des-cbc', key, iv);\n",
    corrected:
      "const crypto = require('crypto');\nexports.seal = (key, iv) => crypto.createCipheriv('aes-256-gcm', key, iv);\n",
  },
  {
    rule: 'weak-cipher',
    name: 'createCipher',
    flawed:
      "const crypto = require('crypto');\nexports.seal = (key) => crypto.createCipher('aes-256-cbc', key);\n",
    corrected:
      "const crypto = require('crypto');\nexports.seal = (key) => crypto.createCipheriv('aes-256-gcm', key, crypto.randomBytes(12));\n",
  },
  {
    rule: 'fixed-initialisation-vector',
    name: 'constant vector',
    flawed:
      "import crypto from 'crypto';\nconst iv = '0123456789abcdef';\nexport const seal = (key) => crypto.createCipheriv('aes-256-cbc', key, iv);\n",
    corrected:
      "import crypto from 'crypto';\nexport const seal = (key) => crypto.createCipheriv('aes-256-cbc', key, crypto.randomBytes(16));\n",
  },
  {
    rule: 'small-key',
    name: 'RSA of 1024 bits',
    flawed:
      "import { generateKeyPairSync } from 'crypto';\nexport const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });\n",
    corrected:
      "import { generateKeyPairSync } from 'crypto';\nexport const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });\n",
  },
  {
    rule: 'weak-randomness',
    name: 'token from Math.random',
    flawed: 'export function createToken() {\n  return Math.random().toString(36).slice(2);\n}\n',
    corrected:
      "import { randomBytes } from 'crypto';\nexport function createToken() {\n  return randomBytes(16).toString('hex');\n}\n",
  },
  {
    rule: 'tls-verification-off',
    name: 'agent without verification',
    flawed:
      "import https from 'https';\nexport const agent = new https.Agent({ rejectUnauthorized: false });\n",
    corrected:
      "import https from 'https';\nexport const agent = new https.Agent({ keepAlive: true });\n",
  },
  {
    rule: 'tls-verification-off',
    name: 'whole process without verification',
    flawed: "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n",
    corrected: "process.env.NODE_ENV = 'production';\n",
  },
  {
    rule: 'old-tls-version',
    name: 'TLS 1.0',
    flawed: "import tls from 'tls';\ntls.createServer({ minVersion: 'TLSv1' });\n",
    corrected: "import tls from 'tls';\ntls.createServer({ minVersion: 'TLSv1.2' });\n",
  },
  {
    rule: 'jwt-not-verified',
    name: 'algorithm none',
    flawed:
      "import jwt from 'jsonwebtoken';\nexport const claims = (token, key) => jwt.verify(token, key, { algorithms: ['HS256', 'none'] });\n",
    corrected:
      "import jwt from 'jsonwebtoken';\nexport const claims = (token, key) => jwt.verify(token, key, { algorithms: ['HS256'] });\n",
  },
  {
    rule: 'jwt-expiry-ignored',
    name: 'ignoreExpiration',
    flawed:
      "import jwt from 'jsonwebtoken';\nexport const claims = (token, key) => jwt.verify(token, key, { ignoreExpiration: true });\n",
    corrected:
      "import jwt from 'jsonwebtoken';\nexport const claims = (token, key) => jwt.verify(token, key);\n",
  },
  {
    rule: 'jwt-hard-coded-key',
    name: 'key in the source',
    flawed:
      "const jwt = require('jsonwebtoken');\nexports.sign = (claims) => jwt.sign(claims, 'hunter2hunter2');\n",
    corrected:
      "const jwt = require('jsonwebtoken');\nexports.sign = (claims) => jwt.sign(claims, process.env.JWT_KEY);\n",
  },
  {
    rule: 'insecure-cookie',
    name: 'session cookie without flags',
    flawed:
      "import express from 'express';\nconst app = express();\napp.get('/', (req, res) => { res.cookie('session', id()); res.end(); });\n",
    corrected:
      "import express from 'express';\nconst app = express();\napp.get('/', (req, res) => { res.cookie('session', id(), { secure: true, httpOnly: true }); res.end(); });\n",
  },
  {
    rule: 'cors-any-origin',
    name: 'cors for all origins',
    flawed:
      "import cors from 'cors';\nimport express from 'express';\nconst app = express();\napp.use(cors({ origin: '*' }));\n",
    corrected:
      "import cors from 'cors';\nimport express from 'express';\nconst app = express();\napp.use(cors({ origin: ['https://app.example.com'] }));\n",
  },
  {
    rule: 'cors-reflected-origin',
    name: 'origin of the request',
    flawed:
      "import express from 'express';\nconst app = express();\napp.use((req, res, next) => { res.setHeader('Access-Control-Allow-Origin', req.headers.origin); next(); });\n",
    corrected:
      "import express from 'express';\nconst app = express();\nconst ORIGINS = ['https://app.example.com'];\napp.use((req, res, next) => {\n  const { origin } = req.headers;\n  if (ORIGINS.includes(origin)) { res.setHeader('Access-Control-Allow-Origin', origin); }\n  next();\n});\n",
  },
  {
    rule: 'world-writable-file',
    name: 'chmod 777',
    flawed: "import fs from 'fs';\nfs.chmodSync('data.db', 0o777);\n",
    corrected: "import fs from 'fs';\nfs.chmodSync('data.db', 0o600);\n",
  },
  {
    rule: 'framework-protection-off',
    name: 'Electron with node in pages',
    flawed:
      "import { BrowserWindow } from 'electron';\nnew BrowserWindow({ webPreferences: { nodeIntegration: true } });\n",
    corrected:
      "import { BrowserWindow } from 'electron';\nnew BrowserWindow({ webPreferences: { nodeIntegration: false } });\n",
  },
  {
    rule: 'insecure-temp-file',
    name: 'fixed name in /tmp',
    flawed:
      "import fs from 'fs';\nexport const save = (text) => fs.writeFileSync('/tmp/report.txt', text);\n",
    corrected:
      "import fs from 'fs';\nimport os from 'os';\nimport path from 'path';\nexport const save = (text) => fs.writeFileSync(path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'r-')), 'report.txt'), text);\n",
  },
  {
    rule: 'hard-coded-secret',
    name: 'a fallback for the key that signs',
    flawed:
      "import jwt from 'jsonwebtoken';\nexport const tokenOf = (id) => jwt.sign({ id }, process.env.JWT_SECRET || 'secret');\n",
    corrected:
      "import jwt from 'jsonwebtoken';\nexport const tokenOf = (id) => jwt.sign({ id }, process.env.JWT_SECRET);\n",
  },
  {
    rule: 'hard-coded-secret',
    name: 'what is no placeholder',
    flawed: "export const KEYS = { AUTH_SECRET: 'k3y-of-the-shop' };\n",
    corrected: "export const PLACEHOLDERS = { AUTH_SECRET: 'k3y-of-the-shop' };\n",
  },
  {
    rule: 'hard-coded-secret',
    name: 'password in an object',
    flawed: "export const database = { host: 'db', user: 'app', password: 'Tr0ub4dor&3' };\n",
    corrected:
      "export const database = { host: 'db', user: 'app', password: process.env.DB_PASSWORD };\n",
  },
  {
    rule: 'hard-coded-secret',
    name: 'vendor format',
    flawed: `const client = connect('${'ghp_'}${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}');\n`,
    corrected: 'const client = connect(process.env.GITHUB_TOKEN);\n',
  },
  {
    rule: 'regex-backtracking',
    name: 'repetition in a repetition',
    flawed: 'export const isName = (text) => /^([a-z]+)*$/.test(text);\n',
    corrected: 'export const isName = (text) => /^[a-z]*$/.test(text);\n',
  },
  {
    rule: 'unsafe-yaml-load',
    name: 'schema with functions',
    flawed:
      "import yaml from 'js-yaml';\nexport const read = (text) => yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });\n",
    corrected: "import yaml from 'js-yaml';\nexport const read = (text) => yaml.load(text);\n",
  },
  {
    rule: 'cheap-password-hash',
    name: 'a thousand rounds',
    flawed:
      "import { pbkdf2Sync } from 'crypto';\nexport const digest = (word, salt) => pbkdf2Sync(word, salt, 1000, 32, 'sha256');\n",
    corrected:
      "import { scryptSync } from 'crypto';\nexport const digest = (word, salt) => scryptSync(word, salt, 32);\n",
  },
  {
    rule: 'logged-credentials',
    name: 'password on the console',
    flawed:
      'export function login(name, password) {\n  console.log(`login ${name} ${password}`);\n}\n',
    corrected: 'export function login(name, password) {\n  console.log(`login ${name}`);\n}\n',
  },
  {
    rule: 'error-details-sent',
    name: 'stack trace as the answer',
    flawed:
      "import express from 'express';\nconst app = express();\napp.use((err, req, res, next) => { res.status(500).send(err.stack); });\n",
    corrected:
      "import express from 'express';\nconst app = express();\napp.use((err, req, res, next) => { res.status(500).send('internal error'); });\n",
  },
  {
    rule: 'post-message-any-origin',
    name: 'any origin',
    flawed: "window.parent.postMessage(state, '*');\n",
    corrected: "window.parent.postMessage(state, 'https://app.example.com');\n",
  },
];

describePairs('JavaScript configuration', PAIRS, (text) => analyzeFile('app.ts', text).findings);
