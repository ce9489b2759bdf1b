import { dotted } from '../ir/build.js';
import type { Expression, ModuleIr, Statement } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';

export const WEAK_RANDOMNESS: Rule = {
  id: 'weak-randomness',
  title: 'Secret made of predictable randomness',
  cwe: 'CWE-338',
  owasp: OWASP.crypto,
  severity: 'high',
  message:
    'This generator can be predicted from a few of its numbers; what must not be guessed needs another.',
  recommendation: {
    python: 'Use `secrets`: `token = secrets.token_urlsafe(32)`.',
    javascript: "Use `crypto`: `const token = crypto.randomBytes(32).toString('hex')`.",
  },
  sinks: [],
};

const SECRET_PURPOSE =
  /(passw|passcode|secret|token|otp|session|sess_?id|api_?key|private_?key|secret_?key|encryption|nonce|salt|csrf|reset|verif|auth|activation|invite_?code|invitation|voucher|coupon|recovery|credential|captcha|pin_?code|(^|_)pin$|one_?time|(^|_)iv$|random_?key|license_?key|(^|_)code$|jwt|signature|cookie|remember)/i;
const NO_SECRET =
  /token_?(count|ize|s_per|type|index|id$)|author|test|jitter|delay|retry|backoff|color|position|sample|tokenize|session_?(count|index)/i;
/** What handles sessions and logins makes much that is no secret. */
const HANDLER =
  /(session|auth|cookie)s?_?(handler|manager|service|controller|store|middleware|provider)/i;
/** Functions that make text nobody should guess, going by what they are called. */
const RANDOM_TEXT =
  /(random|rand|generate|gen|make|create)\w*?(string|str|key|hex|chars?|password|id)$/i;
const PYTHON_RANDOM = /^random\.(?!SystemRandom$)[a-z]\w*$|^(numpy|np)\.random\.\w+$/;

/** `Math.random()` and Python's `random` where a secret is made. */
export const findWeakRandomness: Check = (module: ModuleIr): CheckedFinding[] => {
  const aliases = importedNames(module.body);
  const found: CheckedFinding[] = [];
  /** Random values by the variable that holds them. */
  const held = new Map<string, Expression>();
  const report = (at: Expression, confidence: 'medium' | 'high'): void => {
    found.push({ rule: WEAK_RANDOMNESS, start: at.start, end: at.end, confidence });
  };
  walk(module.body, (expression, names) => {
    const near = readable(names);
    const isSecret = near.some(
      (name) => SECRET_PURPOSE.test(name) && !NO_SECRET.test(name) && !HANDLER.test(name),
    );
    if (expression.kind === 'name' && isSecret) {
      const made = held.get(variableIn(names, expression.name));
      if (made) {
        report(made, 'medium');
      }
      return;
    }
    if (!isRandomCall(expression, module, aliases)) {
      return;
    }
    if (isSecret) {
      report(expression, 'high');
    } else if (isTextMaker(names)) {
      report(expression, 'medium');
    }
    const holder = [...names].reverse().find((name) => name !== '' && !/^(fn:|==|\[\])/.test(name));
    if (holder) {
      held.set(variableIn(names, holder), expression);
    }
  });
  return found;
};

/** The names around an expression, innermost last, in one spelling. */
const readable = (names: readonly string[]): string[] =>
  names
    .filter((name) => name !== '' && name.length <= 80)
    .slice(-3)
    .map((name) => name.replace(/^(fn:|==|\[\])/, '').replace(/([a-z0-9])([A-Z])/g, '$1_$2'));

/** A variable of one function is not that of another. */
const variableIn = (names: readonly string[], variable: string): string =>
  `${[...names].reverse().find((name) => name.startsWith('fn:')) ?? ''} ${variable}`;

/** Inside `generateRandomString` and the like, where nothing closer has a name. */
function isTextMaker(names: readonly string[]): boolean {
  const last = names.filter((name) => name !== '').pop() ?? '';
  return last.startsWith('fn:') && RANDOM_TEXT.test(last.slice(3)) && !NO_SECRET.test(last);
}

function isRandomCall(
  e: Expression,
  module: ModuleIr,
  aliases: ReadonlyMap<string, string>,
): boolean {
  if (e.kind !== 'call') {
    return false;
  }
  const path = dotted(e.callee);
  if (path === null) {
    return false;
  }
  if (module.language === 'javascript') {
    return path === 'Math.random' || path === 'crypto.pseudoRandomBytes';
  }
  const [root = '', ...rest] = path.split('.');
  return PYTHON_RANDOM.test([aliases.get(root) ?? root, ...rest].join('.'));
}

function importedNames(body: readonly Statement[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const statement of body) {
    if (statement.kind === 'import') {
      statement.bindings.forEach(({ local, path }) => names.set(local, path));
    }
  }
  return names;
}
