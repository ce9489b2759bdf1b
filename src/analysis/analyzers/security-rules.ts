import type { Confidence, Severity } from '../finding.js';

export interface SecurityRule {
  issue: string;
  cwe: string;
  severity: Severity;
  confidence: Confidence;
  recommendation: string;
}

type Row = [issue: string, cwe: string, Severity, Confidence, recommendation: string];

/** Ruff's S rules, in the words of whoever has to mend them. Severity: what an attacker gains if it is as it looks. */
const ROWS: Record<string, Row> = {
  // These three are habits far more often than flaws: kept out of the default view.
  S101: [
    'Assert in shipped code',
    'CWE-703',
    'low',
    'low',
    'Raise an exception where the check must hold: python -O removes asserts',
  ],
  S110: ['Exception swallowed', 'CWE-703', 'low', 'low', 'Log it, or catch only what you expect'],
  S112: ['Exception swallowed', 'CWE-703', 'low', 'low', 'Log it, or catch only what you expect'],
  S102: [
    'Use of exec',
    'CWE-78',
    'high',
    'medium',
    'Call the code you mean directly; choose among known functions by a dictionary',
  ],
  S103: ['Permissive file mode', 'CWE-732', 'medium', 'high', 'Use 0o600 or 0o700'],
  S104: [
    'Binding to all interfaces',
    'CWE-605',
    'medium',
    'medium',
    'Bind to 127.0.0.1, and take the address from the configuration',
  ],
  S105: [
    'Hard-coded password',
    'CWE-259',
    'medium',
    'medium',
    'Read it from the environment or a secret store, and change the one that was committed',
  ],
  S106: [
    'Hard-coded password',
    'CWE-259',
    'medium',
    'medium',
    'Read it from the environment or a secret store, and change the one that was committed',
  ],
  S107: [
    'Hard-coded password',
    'CWE-259',
    'medium',
    'medium',
    'Make the argument required, so that no caller gets a known password',
  ],
  S108: [
    'Predictable temporary file',
    'CWE-377',
    'medium',
    'medium',
    'Use tempfile.NamedTemporaryFile or tempfile.mkdtemp',
  ],
  S113: ['Request without timeout', 'CWE-400', 'low', 'high', 'Pass timeout=SECONDS'],
  S201: [
    'Flask debug mode',
    'CWE-489',
    'high',
    'high',
    'Leave debug off: its console runs any code for whoever reaches it',
  ],
  S202: [
    'Unsafe archive extraction',
    'CWE-22',
    'high',
    'medium',
    "Pass filter='data' to extractall, or check every member's path",
  ],
  S301: [
    'Unsafe deserialisation',
    'CWE-502',
    'high',
    'medium',
    'Use JSON: a pickle runs whatever code its writer put in',
  ],
  S302: [
    'Unsafe deserialisation',
    'CWE-502',
    'high',
    'medium',
    'Use JSON: marshal crashes or runs code on crafted data',
  ],
  S303: ['Weak hash', 'CWE-328', 'medium', 'high', 'Use hashlib.sha256; for passwords argon2'],
  S304: ['Weak cipher', 'CWE-327', 'high', 'high', 'Use AES-GCM or ChaCha20-Poly1305'],
  S305: ['Weak cipher mode', 'CWE-327', 'medium', 'high', 'Use an authenticated mode such as GCM'],
  S306: ['Predictable temporary file', 'CWE-377', 'medium', 'high', 'Use tempfile.mkstemp'],
  S307: [
    'Use of eval',
    'CWE-95',
    'high',
    'medium',
    'Use ast.literal_eval for data, or a dictionary of allowed operations',
  ],
  S308: [
    'Cross-site scripting by mark_safe',
    'CWE-79',
    'medium',
    'medium',
    'Use format_html, which escapes what it is given',
  ],
  S310: [
    'URL of any scheme opened',
    'CWE-918',
    'medium',
    'low',
    'Check that scheme and host are among those you mean: file: reads local files',
  ],
  S311: [
    'Predictable random numbers',
    'CWE-330',
    'low',
    'low',
    'Use the secrets module wherever somebody could gain by guessing',
  ],
  S312: ['Cleartext protocol', 'CWE-319', 'high', 'high', 'Use SSH in place of telnet'],
  S321: ['Cleartext protocol', 'CWE-319', 'high', 'high', 'Use SFTP or HTTPS in place of FTP'],
  S323: [
    'TLS verification off',
    'CWE-295',
    'high',
    'high',
    'Use ssl.create_default_context(); give a private CA by cafile',
  ],
  S324: [
    'Weak hash',
    'CWE-328',
    'medium',
    'high',
    'Use hashlib.sha256 (argon2 for passwords), or say usedforsecurity=False',
  ],
  S501: [
    'TLS verification off',
    'CWE-295',
    'high',
    'high',
    'Leave verify on; give a private CA as verify="/path/ca.pem"',
  ],
  S502: ['Outdated TLS version', 'CWE-327', 'high', 'high', 'Require TLS 1.2 or later'],
  S503: ['Outdated TLS version', 'CWE-327', 'medium', 'medium', 'Require TLS 1.2 or later'],
  S505: ['Short key', 'CWE-326', 'high', 'high', 'Use 2048 bits for RSA, 224 for elliptic curves'],
  S506: [
    'Unsafe YAML loading',
    'CWE-502',
    'high',
    'high',
    'Use yaml.safe_load: other loaders make any Python object',
  ],
  S507: [
    'SSH host key not verified',
    'CWE-295',
    'high',
    'high',
    'Use RejectPolicy and a known_hosts file',
  ],
  S601: [
    'Shell command on a remote host',
    'CWE-78',
    'medium',
    'low',
    'Quote every argument with shlex.quote',
  ],
  S602: [
    'Command injection by a shell',
    'CWE-78',
    'high',
    'medium',
    'Pass a list of arguments and leave out shell=True',
  ],
  S603: [
    'Subprocess with a dynamic command',
    'CWE-78',
    'low',
    'low',
    'Make sure that the program is fixed and that no argument can start with a dash',
  ],
  S604: [
    'Command injection by a shell',
    'CWE-78',
    'medium',
    'low',
    'Pass a list of arguments and leave out shell=True',
  ],
  S605: [
    'Command injection by a shell',
    'CWE-78',
    'high',
    'medium',
    'Use subprocess.run with a list of arguments',
  ],
  S608: [
    'SQL Injection',
    'CWE-89',
    'high',
    'medium',
    'Use parameterized queries: put placeholders into the text and the values into the second argument',
  ],
  S609: [
    'Wildcard in a shell command',
    'CWE-155',
    'high',
    'medium',
    'Expand the names with glob, and put -- before them',
  ],
  S610: ['SQL Injection', 'CWE-89', 'medium', 'medium', 'Use the query API in place of extra()'],
  S611: ['SQL Injection', 'CWE-89', 'medium', 'medium', 'Pass values by params='],
  S612: [
    'Remote logging configuration',
    'CWE-94',
    'high',
    'medium',
    'Verify what comes with the verify argument of logging.config.listen',
  ],
  S701: [
    'Cross-site scripting by unescaped templates',
    'CWE-79',
    'high',
    'medium',
    'Pass autoescape=select_autoescape()',
  ],
  S702: [
    'Cross-site scripting by unescaped templates',
    'CWE-79',
    'medium',
    'medium',
    "Pass default_filters=['h']",
  ],
  S704: [
    'Cross-site scripting by Markup',
    'CWE-79',
    'high',
    'medium',
    'Give Markup a literal and put values in by its format(), which escapes them',
  ],
};

const XML: Row = [
  'XML entities expanded',
  'CWE-611',
  'medium',
  'medium',
  'Use defusedxml for documents from outside',
];

/** What is known of one of Ruff's S rules; `undefined`: only what Ruff itself says. */
export function securityRule(code: string): SecurityRule | undefined {
  const row = /^S31[3-9]$/.test(code) ? XML : ROWS[code];
  if (!row) {
    return undefined;
  }
  const [issue, cwe, severity, confidence, recommendation] = row;
  return { issue, cwe, severity, confidence, recommendation };
}
