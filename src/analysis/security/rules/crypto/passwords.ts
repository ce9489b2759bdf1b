import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-916: guessing passwords is cheap where hashing them is. */
export const CHEAP_PASSWORD_HASH: Rule = {
  id: 'cheap-password-hash',
  title: 'Password hashed too cheaply',
  cwe: 'CWE-916',
  owasp: OWASP.crypto,
  severity: 'medium',
  confidence: 'medium',
  message: 'With so few rounds millions of passwords can be tried in a second.',
  recommendation: {
    python:
      'Use a slow function: `hashlib.scrypt(password, salt=os.urandom(16), n=2**14, r=8, p=1)` or argon2.',
    javascript:
      'Use a slow function: `crypto.scryptSync(password, crypto.randomBytes(16), 32)` or argon2.',
  },
  sinks: [
    {
      language: 'python',
      call: ['hashlib.pbkdf2_hmac'],
      when: [{ arg: [3, 'iterations'], below: 10_000 }],
    },
    { language: 'python', call: ['bcrypt.gensalt'], when: [{ arg: [0, 'rounds'], below: 10 }] },
    {
      language: 'python',
      call: ['cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC'],
      when: [{ arg: ['iterations', 3], below: 10_000 }],
    },
    {
      language: 'python',
      call: ['hashlib.{sha224,sha256,sha384,sha512,sha3_256,sha3_512,blake2b}'],
      when: [
        {
          arg: 0,
          contains: /(^|[.$~])(password|passwd|pwd|user_password|plain_password)(\.encode\(\))?$/,
        },
      ],
    },
    {
      language: 'javascript',
      call: ['crypto.{pbkdf2,pbkdf2Sync}'],
      when: [{ arg: 2, below: 10_000 }],
    },
    {
      language: 'javascript',
      call: ['{bcrypt,bcryptjs}.{hash,hashSync,genSalt,genSaltSync}'],
      when: [{ arg: [0, 1], below: 8 }],
    },
    {
      language: 'javascript',
      call: ['crypto.{createHash,createHmac}().update'],
      when: [{ arg: 0, path: /(^|[.$~])(password|passwd|pwd|plainPassword|userPassword)$/ }],
      unless: [{ arg: 'this', path: /^$/ }],
    },
  ],
};

/** CWE-760: a salt that is the same for all. */
export const FIXED_SALT: Rule = {
  id: 'fixed-salt',
  title: 'Constant or missing salt',
  cwe: 'CWE-760',
  owasp: OWASP.crypto,
  severity: 'medium',
  message:
    'The salt is the same for every password, so that one table serves to guess all of them.',
  recommendation: {
    python:
      'Make one for each password: `hashlib.scrypt(password, salt=os.urandom(16), n=2**14, r=8, p=1)`.',
    javascript:
      'Make one for each password: `crypto.scryptSync(password, crypto.randomBytes(16), 32)`.',
  },
  sinks: [
    {
      language: 'python',
      call: ['hashlib.pbkdf2_hmac'],
      when: [{ arg: [2, 'salt'], known: true }],
    },
    {
      language: 'python',
      call: ['hashlib.scrypt', 'bcrypt.kdf'],
      when: [{ arg: 'salt', known: true }],
    },
    {
      language: 'python',
      call: ['bcrypt.hashpw', 'crypt.crypt'],
      when: [{ arg: [1, 'salt'], known: true }],
    },
    {
      language: 'python',
      call: [
        'cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC',
        'cryptography.hazmat.primitives.kdf.scrypt.Scrypt',
      ],
      when: [{ arg: 'salt', known: true }],
    },
    {
      language: 'javascript',
      call: ['crypto.{pbkdf2,pbkdf2Sync,scrypt,scryptSync}'],
      when: [{ arg: 1, known: true }],
    },
    {
      language: 'javascript',
      call: ['{bcrypt,bcryptjs}.{hash,hashSync}'],
      when: [{ arg: 1, matches: /^\$2/ }],
    },
  ],
};
