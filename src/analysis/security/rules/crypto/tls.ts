import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** An address without encryption that isn't this machine's own. */
/** To a host with a domain, in its own network or not. */
const PLAIN_SOCKET = /^ws:\/\/(?!localhost|127\.|\[::1\]|0\.0\.0\.0)[\w-]+(\.[\w-]+)+/i;
const PLAIN_HTTP = /^http:\/\/(?!localhost|127\.|\[::1\]|0\.0\.0\.0)/i;

export const TLS_UNVERIFIED: Rule = {
  id: 'tls-verification-off',
  title: 'TLS certificates not verified',
  cwe: 'CWE-295',
  owasp: OWASP.authentication,
  severity: 'high',
  message:
    'The certificate of the other side is not checked: anybody on the way can read and change what is sent.',
  recommendation: {
    python:
      'Leave verification on; for a CA of your own name its file: `requests.get(url, verify="/etc/ssl/our-ca.pem", timeout=5)`.',
    javascript:
      "Leave verification on; for a CA of your own name its file: `new https.Agent({ ca: fs.readFileSync('our-ca.pem') })`.",
  },
  sinks: [
    {
      language: 'python',
      call: [
        '{requests,httpx}.{get,post,put,patch,delete,head,options,request,Session,Client,AsyncClient,stream}',
        '*.{get,post,put,patch,delete,head,request}',
      ],
      when: [{ arg: 'verify', is: [false] }],
    },
    { language: 'python', call: ['ssl._create_unverified_context'] },
    {
      language: 'python',
      call: [
        'aiohttp.TCPConnector',
        'aiohttp.ClientSession().{get,post,put,delete,request}',
        '*.session.{get,post}',
      ],
      when: [{ arg: ['ssl', 'verify_ssl'], is: [false] }],
    },
    {
      language: 'python',
      call: ['*.PoolManager', 'ssl.wrap_socket', '*.HTTPSConnectionPool'],
      when: [{ arg: 'cert_reqs', path: /CERT_NONE$/ }],
    },
    {
      language: 'python',
      call: ['*.PoolManager', '*.HTTPSConnectionPool'],
      when: [{ arg: 'cert_reqs', matches: /CERT_NONE$/ }],
    },
    {
      language: 'python',
      call: ['httplib2.Http'],
      when: [{ arg: 'disable_ssl_certificate_validation', is: [true] }],
    },
    { language: 'python', assign: ['*.verify_mode'], when: [{ arg: 0, path: /CERT_NONE$/ }] },
    {
      language: 'python',
      assign: ['*.check_hostname'],
      when: [{ arg: 0, is: [false] }],
      confidence: 'medium',
    },
    {
      language: 'python',
      assign: ['ssl._create_default_https_context'],
      when: [{ arg: 0, path: /_create_unverified_context/ }],
    },
    {
      language: 'python',
      assign: ['*.session.verify', '{requests.Session,requests.session}().verify'],
      when: [{ arg: 0, is: [false] }],
    },
    {
      language: 'python',
      call: ['paramiko.SSHClient().set_missing_host_key_policy', '*.set_missing_host_key_policy'],
      when: [{ arg: 0, path: /(AutoAddPolicy|WarningPolicy)(\(\))?$/ }],
      message: 'Unknown host keys are accepted: the first connection can be to anybody.',
    },
    {
      language: 'python',
      call: ['*.set_verify'],
      when: [{ arg: 0, path: /VERIFY_NONE$/ }],
    },
    {
      language: 'python',
      call: ['smtplib.SMTP().starttls'],
      when: [{ arg: 'context', path: /_create_unverified_context/ }],
    },
    {
      language: 'javascript',
      option: ['rejectUnauthorized', 'strictSSL'],
      when: [{ arg: 0, is: [false] }],
    },
    {
      language: 'javascript',
      option: ['insecure'],
      when: [{ arg: 0, is: [true] }],
      imports: ['axios', 'https', 'got'],
      confidence: 'low',
    },
    {
      language: 'javascript',
      assign: ['process.env.NODE_TLS_REJECT_UNAUTHORIZED'],
      when: [{ arg: 0, is: ['0', 0, false] }],
    },
    { language: 'javascript', assign: ['*.rejectUnauthorized'], when: [{ arg: 0, is: [false] }] },
  ],
};

export const OLD_TLS: Rule = {
  id: 'old-tls-version',
  title: 'Outdated TLS version',
  cwe: 'CWE-327',
  owasp: OWASP.crypto,
  severity: 'medium',
  message: 'SSL 2 and 3, TLS 1.0 and 1.1 are broken or withdrawn.',
  recommendation: {
    python:
      'Let the library choose: `ssl.create_default_context()`; at least `context.minimum_version = ssl.TLSVersion.TLSv1_2`.',
    javascript: "Let Node choose, or `minVersion: 'TLSv1.2'`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['ssl.{SSLContext,wrap_socket}', 'OpenSSL.SSL.Context', '*.init_poolmanager'],
      when: [
        {
          arg: ['*'],
          path: /PROTOCOL_(SSLv2|SSLv3|TLSv1|TLSv1_1)$|SSL\.(SSLv2|SSLv3|SSLv23|TLSv1|TLSv1_1)_METHOD$/,
        },
      ],
    },
    {
      language: 'python',
      call: ['ssl.wrap_socket'],
      confidence: 'medium',
      message:
        'This wraps a socket without checking certificates and host names, in any version of TLS.',
    },
    {
      language: 'python',
      assign: ['*.minimum_version'],
      when: [{ arg: 0, path: /TLSVersion\.(SSLv3|TLSv1|TLSv1_1)$/ }],
    },
    {
      language: 'javascript',
      option: ['secureProtocol'],
      when: [{ arg: 0, matches: /^(SSLv2|SSLv3|TLSv1|TLSv1_1)_/ }],
    },
    {
      language: 'javascript',
      option: ['minVersion'],
      when: [{ arg: 0, matches: /^TLSv1(\.1)?$/ }],
    },
  ],
};

export const PLAIN_TRANSPORT: Rule = {
  id: 'unencrypted-protocol',
  title: 'Protocol without encryption',
  cwe: 'CWE-319',
  owasp: OWASP.crypto,
  severity: 'medium',
  confidence: 'medium',
  message: 'Telnet and FTP send passwords and content in the clear.',
  recommendation: {
    python: 'Use SSH (`paramiko`), `ftplib.FTP_TLS` and addresses that begin with `https:`.',
    javascript: 'Use SFTP (`ssh2-sftp-client`), FTPS and addresses that begin with `https:`.',
  },
  sinks: [
    { language: 'python', call: ['telnetlib.Telnet', 'ftplib.FTP'] },
    {
      language: 'python',
      call: ['{requests,httpx}.{get,post,put,patch,delete,request}'],
      when: [
        { arg: [0, 'url'], matches: PLAIN_HTTP },
        { arg: 'auth', present: true },
      ],
      message: 'Credentials are sent over HTTP without encryption.',
    },
    { language: 'javascript', call: ['telnet-client', 'telnet-client.Telnet', 'ftp', 'jsftp'] },
    {
      language: 'javascript',
      call: ['axios.{get,post,put,patch,delete}', 'axios', 'got', 'request', 'needle'],
      when: [
        { arg: [0, '0.url'], matches: PLAIN_HTTP },
        { arg: ['0.auth', '1.auth', '2.auth'], present: true },
      ],
      message: 'Credentials are sent over HTTP without encryption.',
    },
    {
      language: 'javascript',
      call: ['WebSocket', 'ws', 'ws.WebSocket'],
      isNew: true,
      when: [{ arg: 0, matches: PLAIN_SOCKET }],
      message: 'What goes through this socket can be read and changed on the way.',
    },
    {
      language: 'javascript',
      call: ['{grpc,@grpc/grpc-js}.{credentials,ServerCredentials}.createInsecure'],
      message: 'Calls go over the network without encryption.',
    },
  ],
};
