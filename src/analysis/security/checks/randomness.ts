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
  /(passw|passcode|secret|token|otp|session_?id|sess_?id|api_?key|private_?key|secret_?key|encryption|nonce|salt|csrf|reset|verif|auth|activation|invite_?code|invitation|voucher|coupon|recovery|credential|captcha|pin_?code|(^|_)pin$|one_?time|(^|_)iv$|random_?key|session_?key|license_?key|(^|_)code$|jwt|signature|cookie)/i;
const NO_SECRET =
  /token_?(count|ize|s_per|type|index|id$)|author|test|jitter|delay|retry|backoff|color|position|sample|tokenize/i;
const PYTHON_RANDOM =
  /^random\.(random|randint|randrange|choice|choices|sample|getrandbits|uniform|shuffle|randbytes|seed)$|^(numpy|np)\.random\.\w+$/;

/** `Math.random()` and Python's `random` where a secret is made. */
export const findWeakRandomness: Check = (module: ModuleIr): CheckedFinding[] => {
  const aliases = importedNames(module.body);
  const found: CheckedFinding[] = [];
  walk(module.body, (expression, names) => {
    if (!isRandomCall(expression, module, aliases)) {
      return;
    }
    const near = names
      .filter((name) => name !== '' && name.length <= 80)
      .slice(-3)
      .map((name) => name.replace(/^(fn:|==)/, '').replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
    if (near.some((name) => SECRET_PURPOSE.test(name) && !NO_SECRET.test(name))) {
      found.push({
        rule: WEAK_RANDOMNESS,
        start: expression.start,
        end: expression.end,
        confidence: 'high',
      });
    }
  });
  return found;
};

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
