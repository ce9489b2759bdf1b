import { dotted } from '../ir/build.js';
import type { Expression, ModuleIr } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';

export const SECURITY_ASSERTION: Rule = {
  id: 'assertion-guards-access',
  title: 'Right checked by an assertion',
  cwe: 'CWE-617',
  owasp: OWASP.access,
  severity: 'medium',
  message: 'With `python -O` assertions are not run: the check is gone.',
  recommendation: {
    python: 'Check and raise: `if not user.is_admin: raise PermissionError(user.id)`.',
  },
  sinks: [],
};

const RIGHT =
  /(^|[._])(is_?(admin|staff|superuser|authenticated|authorized|owner|logged_?in)|has_?(perm\w*|role|access|right)|can_(edit|delete|view|access)|check_?password|verify_?(token|password|signature)|logged_?in|authorized|compare_digest)$/i;

/** `assert user.is_admin` */
export const findSecurityAssertions: Check = (module: ModuleIr, text: string): CheckedFinding[] => {
  if (module.language !== 'python' || !text.includes('assert')) {
    return [];
  }
  const found: CheckedFinding[] = [];
  walk(module.body, (e) => {
    if (e.kind === 'not' && text.startsWith('assert', e.start) && mentionsRight(e.operand)) {
      found.push({ rule: SECURITY_ASSERTION, start: e.start, end: e.end, confidence: 'medium' });
    }
  });
  return found;
};

function mentionsRight(test: Expression): boolean {
  if (test.kind === 'logical') {
    return test.operands.some(mentionsRight);
  }
  if (test.kind === 'binary') {
    return mentionsRight(test.left);
  }
  return RIGHT.test(dotted(test.kind === 'call' ? test.callee : test) ?? '');
}
