import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

const WEAK_HASH = /^(md4|md5|sha-?1|ripemd160|rmd160)$/i;
const WEAK_CIPHER =
  /^(des|des-?ede3?(-.*)?|3des|des3(-.*)?|rc2(-.*)?|rc4(-.*)?|bf(-.*)?|blowfish|des-.*|cast5?(-.*)?|idea(-.*)?|.*-ecb)$/i;

export const WEAK_HASHES: Rule = {
  id: 'weak-hash',
  title: 'Broken hash function',
  cwe: 'CWE-327',
  owasp: OWASP.crypto,
  severity: 'medium',
  confidence: 'medium',
  message: 'MD5 and SHA-1 are broken: other content with the same hash can be made.',
  recommendation: {
    python:
      'Use SHA-256: `hashlib.sha256(data)`; for passwords `hashlib.scrypt` or argon2; where nothing depends on it say so: `hashlib.md5(data, usedforsecurity=False)`.',
    javascript:
      "Use SHA-256: `crypto.createHash('sha256')`; for passwords `crypto.scrypt` or argon2.",
  },
  sinks: [
    {
      language: 'python',
      call: [
        'hashlib.{md5,sha1,md4}',
        'Crypto.Hash.{MD5,SHA,SHA1,MD4,MD2}.new',
        'Cryptodome.Hash.{MD5,SHA1}.new',
        'md5.new',
        'sha.new',
        'cryptography.hazmat.primitives.hashes.{MD5,SHA1}',
        'passlib.hash.{md5_crypt,des_crypt,ldap_md5,hex_md5,hex_sha1}.hash',
      ],
      unless: [{ arg: 'usedforsecurity', is: [false] }],
    },
    {
      language: 'python',
      call: ['hashlib.new', 'hashlib.file_digest'],
      when: [{ arg: [0, 1, 'name'], matches: WEAK_HASH }],
      unless: [{ arg: 'usedforsecurity', is: [false] }],
    },
    {
      language: 'javascript',
      call: ['crypto.{createHash,createSign,createVerify}', '*.crypto.createHash'],
      when: [{ arg: 0, matches: /^(RSA-)?(md4|md5|sha-?1|ripemd160|rmd160)$/i }],
    },
    {
      language: 'javascript',
      call: [
        'crypto-js.{MD5,SHA1,HmacMD5,HmacSHA1,RIPEMD160}',
        'CryptoJS.{MD5,SHA1,HmacMD5,RIPEMD160}',
        'crypto-js/md5',
        'crypto-js/sha1',
        'md5',
        'sha1',
        'blueimp-md5',
        'js-md5',
        'js-sha1',
        'ts-md5.Md5.hashStr',
        'object-hash.MD5',
      ],
    },
    {
      language: 'javascript',
      call: ['crypto.{pbkdf2,pbkdf2Sync}'],
      when: [{ arg: 4, matches: /^(md5|md4)$/i }],
    },
  ],
};

export const WEAK_CIPHERS: Rule = {
  id: 'weak-cipher',
  title: 'Broken cipher or mode',
  cwe: 'CWE-327',
  owasp: OWASP.crypto,
  severity: 'high',
  message: 'DES, 3DES, RC2, RC4 and Blowfish can be broken, and ECB shows equal blocks as equal.',
  recommendation: {
    python:
      'Use an authenticated mode: `AESGCM(key).encrypt(nonce, data, None)` from cryptography, or `AES.new(key, AES.MODE_GCM)`.',
    javascript:
      "Use an authenticated mode: `crypto.createCipheriv('aes-256-gcm', key, iv)` with a random `iv` for each message.",
  },
  sinks: [
    {
      language: 'python',
      call: [
        '{Crypto,Cryptodome}.Cipher.{DES,DES3,ARC2,ARC4,Blowfish,XOR,CAST}.new',
        'cryptography.hazmat.primitives.ciphers.algorithms.{ARC4,Blowfish,IDEA,TripleDES,CAST5,SEED}',
        'cryptography.hazmat.primitives.ciphers.modes.ECB',
        'cryptography.hazmat.decrepit.ciphers.algorithms.{ARC4,Blowfish,IDEA,TripleDES,CAST5}',
      ],
    },
    {
      language: 'python',
      call: ['{Crypto,Cryptodome}.Cipher.AES.new', '*.AES.new'],
      when: [{ arg: [1, 'mode'], path: /MODE_ECB$/ }],
    },
    {
      language: 'javascript',
      call: ['crypto.{createCipheriv,createDecipheriv}'],
      when: [{ arg: 0, matches: WEAK_CIPHER }],
    },
    // Without an initialisation vector, and with a key made by one round of MD5.
    { language: 'javascript', call: ['crypto.{createCipher,createDecipher}'] },
    {
      language: 'javascript',
      call: [
        'crypto-js.{DES,TripleDES,RC4,Rabbit}.{encrypt,decrypt}',
        'CryptoJS.{DES,TripleDES,RC4}.{encrypt,decrypt}',
      ],
    },
    {
      language: 'javascript',
      option: ['mode'],
      when: [{ arg: 0, path: /(crypto-js|CryptoJS)\.mode\.ECB$/ }],
    },
  ],
};

/** CWE-329, CWE-1204: the same vector for every message. */
export const FIXED_IV: Rule = {
  id: 'fixed-initialisation-vector',
  title: 'Constant key or initialisation vector',
  cwe: 'CWE-329',
  owasp: OWASP.crypto,
  severity: 'medium',
  confidence: 'medium',
  message:
    'The initialisation vector is the same for every message, so that equal beginnings show.',
  recommendation: {
    python: 'Make one for each message: `iv = os.urandom(16)`.',
    javascript: 'Make one for each message: `const iv = crypto.randomBytes(12)`.',
  },
  sinks: [
    {
      language: 'python',
      call: ['{Crypto,Cryptodome}.Cipher.AES.new'],
      when: [{ arg: [2, 'iv', 'nonce'], known: true }],
    },
    {
      language: 'python',
      call: ['cryptography.hazmat.primitives.ciphers.modes.{CBC,CTR,GCM,OFB,CFB}'],
      when: [{ arg: [0], known: true }],
    },
    {
      language: 'javascript',
      call: ['crypto.createCipheriv'],
      when: [{ arg: 2, known: true }],
    },
    {
      language: 'javascript',
      call: ['crypto.createCipheriv'],
      when: [{ arg: 2, path: /^Buffer\.alloc\(\)$/ }],
    },
    {
      language: 'javascript',
      call: ['crypto-js.AES.encrypt', 'CryptoJS.AES.encrypt'],
      when: [{ arg: '2.iv', known: true }],
    },
  ],
};

export const SMALL_KEYS: Rule = {
  id: 'small-key',
  title: 'Key too small',
  cwe: 'CWE-326',
  owasp: OWASP.crypto,
  severity: 'medium',
  message: 'RSA and DSA keys below 2048 bits can be broken.',
  recommendation: {
    python:
      'Use at least 2048 bits: `rsa.generate_private_key(public_exponent=65537, key_size=3072)`.',
    javascript:
      "Use at least 2048 bits: `crypto.generateKeyPairSync('rsa', { modulusLength: 3072 })`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['cryptography.hazmat.primitives.asymmetric.{rsa,dsa}.generate_private_key'],
      when: [{ arg: ['key_size', 1, 0], is: [512, 768, 1024, 1536] }],
    },
    {
      language: 'python',
      call: ['{Crypto,Cryptodome}.PublicKey.{RSA,DSA}.generate', 'rsa.newkeys'],
      when: [{ arg: [0, 'bits'], is: [512, 768, 1024, 1536] }],
    },
    {
      language: 'python',
      call: ['cryptography.hazmat.primitives.asymmetric.ec.generate_private_key'],
      when: [
        {
          arg: [0, 'curve'],
          path: /ec\.(SECP192R1|SECT163K1|SECT163R2|SECP224R1|SECT233\w+)(\(\))?$/,
        },
      ],
    },
    {
      language: 'javascript',
      call: ['crypto.{generateKeyPair,generateKeyPairSync}'],
      when: [{ arg: '1.modulusLength', is: [512, 768, 1024, 1536] }],
    },
    {
      language: 'javascript',
      call: ['node-rsa', 'node-forge.pki.rsa.generateKeyPair'],
      when: [{ arg: ['0.b', '0.bits', 0], is: [256, 512, 768, 1024, 1536] }],
    },
    {
      language: 'javascript',
      call: ['crypto.createDiffieHellman'],
      when: [{ arg: 0, below: 2048 }],
    },
  ],
};
