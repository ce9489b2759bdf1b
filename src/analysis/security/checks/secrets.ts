import type { Expression, ModuleIr } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';
import { PASSWORD_IN_URL, SECRET_FORMATS } from './secret-formats.js';

export const HARD_CODED_SECRET: Rule = {
  id: 'hard-coded-secret',
  title: 'Credential in the source',
  cwe: 'CWE-798',
  owasp: OWASP.authentication,
  severity: 'high',
  message: 'A password, key or token stands in the source: whoever reads the code has it.',
  recommendation: {
    python:
      'Take it from the environment or a secret store: `password = os.environ["DB_PASSWORD"]`, and replace the exposed one.',
    javascript:
      'Take it from the environment or a secret store: `const password = process.env.DB_PASSWORD`, and replace the exposed one.',
  },
  sinks: [],
};

const SECRET_NAME =
  /(^|_)(pass(word|wd|phrase|code)?|pwd|secret|secret_?key|api_?key|apikey|access_?key|auth_?key|private_?key|encryption_?key|signing_?key|jwt_?(key|secret)|client_?secret|auth_?token|access_?token|api_?token|bearer_?token|refresh_?token|credentials?|db_?pass\w*|session_?secret|token_?secret)$/i;
const KEYED_BY = /^(?:\w+_)?(?:password|passwd|pwd|secret|api_key|apikey|secret_key)$/i;
/** Names about credentials that hold none. */
const NOT_A_SECRET_NAME =
  /(field|label|name|url|uri|path|file|hint|placeholder|regex|pattern|prompt|message|msg|error|header|param|type|input|selector|column|id|count|length|min|max|expir\w*|ttl|policy|reset|confirm\w*|help|format|prefix|suffix|algorithm|key_?name|env)$/i;
const PLACEHOLDER =
  /^(x+|\*+|\.+|-+|_+|n\/?a|none|null|nil|undefined|true|false|test(ing)?\d*|example|sample|dummy|fake|mock|foo|bar|baz|todo|tbd|fixme|default|changeit|password|passwd|secret|token|key|api_?key|bearer|basic|string|text|hidden|invalid|unknown|empty|required|optional|redacted|masked|admin|user|username)$|your[-_ ]?|<[^>]*>|\$\{|\{\{|%\(|%s|\bexample\b|placeholder|change[-_ ]?me|replace|insert[-_ ]|enter[-_ ]|\.\.\.|xxxx|^process\.env|^env[:.]|^os\.environ|dummy|(^|[-_])fake|not[-_]?a[-_]?(real|secret)|\{\w*\}|%[sd(]|^-/i;

/** Digits in their order, or one and the same: `0123456789abcdef0123456789abcdef`. */
const NO_SECRET = /^(?:(?:0?123456(?:7(?:89?)?)?0?(?:abcdef)?)+|(.)\1+)$/i;
/** Around a value: nobody takes it for a real one. */
const OF_PLACEHOLDERS = /placeholder|example|sample|dummy|fake|mock/i;

const SIGNING_KEY = /(jwt|session|cookie|signing|token)_?(secret|key)|secret_?key/i;

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** What documentation writes in place of a credential. */
const SAMPLE =
  /example|xxxx|your|localhost|127\.0\.0\.1|user(name)?:pass(word|wd)?@|:password@|:passw(or)?d@|:pass@|:secret@|0000000|scott:tiger|<|\{/i;

const underscored = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_');

/** Credentials by vendor format anywhere in the text, and text given to variables named like credentials. */
export const findSecrets: Check = (module: ModuleIr, text: string): CheckedFinding[] => {
  const found: CheckedFinding[] = [];
  const add = (at: { start: number; end: number }, confidence: 'medium' | 'high'): void => {
    found.push({ rule: HARD_CODED_SECRET, start: at.start, end: at.end, confidence });
  };
  for (const { pattern } of SECRET_FORMATS) {
    for (const match of text.matchAll(pattern)) {
      if (!SAMPLE.test(match[0])) {
        add({ start: match.index, end: match.index + match[0].length }, 'high');
      }
    }
  }
  walk(module.body, (expression, names) => {
    const name = names[names.length - 1] ?? '';
    const fallback = environmentFallback(expression);
    if (fallback) {
      add(fallback, 'medium');
    } else if (expression.kind === 'literal' && typeof expression.value === 'string') {
      const { value } = expression;
      if (names.some((around) => !around.startsWith('fn:') && OF_PLACEHOLDERS.test(around))) {
        return;
      }
      if (isSecret(name, value, module)) {
        add(expression, strength(value));
      } else if (
        !value.includes('\n') &&
        value.length < 500 &&
        PASSWORD_IN_URL.test(value) &&
        !SAMPLE.test(value)
      ) {
        add(expression, 'medium');
      }
    }
  });
  return found;
};

function isSecret(name: string, value: string, module: ModuleIr): boolean {
  if (name === '' || name.length > 80 || name.startsWith('fn:') || name.startsWith('[]')) {
    return false;
  }
  const compared = name.startsWith('==');
  const plain = underscored(compared ? name.slice(2) : name);
  if (!(compared ? KEYED_BY : SECRET_NAME).test(plain) || NOT_A_SECRET_NAME.test(plain)) {
    return false;
  }
  if (value.length < 4 || value.length > 400 || /\s/.test(value.trim()) || value.trim() !== value) {
    return false;
  }
  if (
    /^(password|passwd|secret|admin)\d*$/i.test(value) &&
    /^(password|passwd|pwd)$/i.test(plain) &&
    module.imports.size > 0
  ) {
    return /\d/.test(value) || value.toLowerCase() !== plain.toLowerCase();
  }
  if (PLACEHOLDER.test(value) || NO_SECRET.test(value)) {
    return false;
  }
  // A word like the name itself (`API_KEY = 'api-key'`), a path, a host or a class name is no credential.
  const letters = value.toLowerCase().replace(/[^a-z]/g, '');
  if (
    letters === plain.toLowerCase().replace(/[^a-z]/g, '') ||
    /^([./~]|https?:|[a-z]+\.[a-z]+\.)|^[A-Z_]+$|^[a-z]+([A-Z][a-z]+)+$|^[a-z]+([-_.:][a-z]+)+$/.test(
      value,
    )
  ) {
    return (
      /secret|passw/i.test(plain) &&
      /^[a-z]+([-_][a-z]+)+$/.test(value) &&
      /secret|super|key|pass|my/.test(value)
    );
  }
  return /\d|[^A-Za-z0-9_]/.test(value) || (value.length >= 6 && /pass|pwd|secret/i.test(plain));
}

const strength = (value: string): 'high' | 'medium' =>
  value.length >= 16 && entropy(value) > 3.2 ? 'high' : 'medium';

/** `os.environ.get("SECRET_KEY", "s3cr3t")`, `process.env.SECRET_KEY || 's3cr3t'` */
function environmentFallback(expression: Expression): Expression | null {
  const [read, fallback] =
    expression.kind === 'logical' && expression.operator === 'or'
      ? expression.operands
      : expression.kind === 'call'
        ? [expression, expression.args[1]?.value]
        : [];
  const name = read && readFromEnvironment(read);
  if (fallback?.kind !== 'literal' || typeof name !== 'string') {
    return null;
  }
  const { value } = fallback;
  if (typeof value !== 'string' || value.length < 4 || /\s/.test(value)) {
    return null;
  }
  const plain = underscored(name);
  // Whatever it is, it signs, where nobody sets the variable.
  const counts = SIGNING_KEY.test(plain) || (value.length >= 6 && !PLACEHOLDER.test(value));
  return counts && SECRET_NAME.test(plain) ? fallback : null;
}

/** The name that is asked for. */
function readFromEnvironment(read: Expression): string | null {
  if (read.kind === 'member') {
    const { object, property } = read;
    return object.kind === 'member' && object.property === 'env' ? property : null;
  }
  const [name] = read.kind === 'call' ? read.args : [];
  const isRead =
    read.kind === 'call' &&
    read.callee.kind === 'member' &&
    ['get', 'getenv'].includes(read.callee.property);
  return isRead && name?.value.kind === 'literal' ? String(name.value.value) : null;
}
