import { dotted } from '../ir/build.js';
import type { Expression, ModuleIr } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';

export const TIMING_UNSAFE_COMPARISON: Rule = {
  id: 'timing-unsafe-comparison',
  title: 'Signature compared letter by letter',
  cwe: 'CWE-208',
  owasp: OWASP.crypto,
  severity: 'medium',
  message:
    'The comparison ends at the first difference: how long it takes tells how much of a forged signature is right.',
  recommendation: {
    python: 'Compare in constant time: `hmac.compare_digest(given, expected)`.',
    javascript:
      'Compare in constant time: `crypto.timingSafeEqual(given, expected)` on buffers of the same length.',
  },
  sinks: [],
};

/** `createHmac(...).update(...).digest('hex')`, `hmac.new(...).hexdigest()`, `hmac.digest()` */
const SIGNATURE =
  /(createHmac\s*\(|\bhmac\.new\s*\(|\bhmac\w*\s*\.\s*(update\s*\(|(hex)?digest\s*\())[\s\S]*digest\s*\(|\bhmac\w*\.(hex)?digest\s*\(/i;
const MAX_LENGTH = 600;

/** Message authentication codes of our own that `==` or `===` compares with what was sent. */
export const findTimingUnsafeComparisons: Check = (
  module: ModuleIr,
  text: string,
): CheckedFinding[] => {
  if (!/hmac/i.test(text)) {
    return [];
  }
  const isMade = (e: Expression): boolean =>
    e.kind === 'call' &&
    e.end - e.start <= MAX_LENGTH &&
    SIGNATURE.test(text.slice(e.start, e.end));
  const held = new Set<string>();
  const found: CheckedFinding[] = [];
  walk(module.body, (e, names) => {
    const holder = names.at(-1);
    if (holder && /^[\w$.]+$/.test(holder) && isMade(e)) {
      held.add(holder);
    }
    if (e.kind !== 'binary' || !/^[!=]==?$/.test(e.operator)) {
      return;
    }
    const isSignature = (side: Expression): boolean => isMade(side) || held.has(dotted(side) ?? '');
    const other = isSignature(e.left) ? e.right : isSignature(e.right) ? e.left : null;
    if (other && other.kind !== 'literal' && dotted(other) !== 'undefined') {
      found.push({
        rule: TIMING_UNSAFE_COMPARISON,
        start: e.start,
        end: e.end,
        confidence: 'medium',
      });
    }
  });
  return found;
};
