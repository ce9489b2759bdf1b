import { dotted } from '../ir/build.js';
import type { Expression, ModuleIr } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';

export const INCOMPLETE_HOST_CHECK: Rule = {
  id: 'incomplete-host-check',
  title: 'Host checked by a part of its name',
  cwe: 'CWE-20',
  owasp: OWASP.design,
  severity: 'medium',
  message:
    'Other hosts pass as well: `evil-example.com` ends with `example.com`, `example.com.evil.org` begins with it.',
  recommendation: {
    python:
      'Compare the whole name: `host == "example.com" or host.endswith(".example.com")`, with `host = urlsplit(url).hostname`.',
    javascript:
      "Compare the whole name: `host === 'example.com' || host.endsWith('.example.com')`, with `host = new URL(url).hostname`.",
  },
  sinks: [],
};

const HOST =
  /^[\w-]+(\.[\w-]+)*\.(com|org|net|io|dev|app|edu|gov|co|cloud|internal|local|[a-z]{2})$/i;
const BEGINNING = /^https?:\/\/[\w-]+(\.[\w-]+)+(:\d+)?$/i;
const HOST_NAME = /(^|[._])(\w*host(_?name)?|net_?loc|domain|origin|referr?er)$/i;
const ADDRESS_NAME = /(^|[._])(\w*(url|uri|href)|redirect\w*|next|target)$/i;

/** `host.endsWith('example.com')`, `url.startsWith('https://example.com')`, `'example.com' in netloc` */
export const findIncompleteHostChecks: Check = (module: ModuleIr): CheckedFinding[] => {
  const found: CheckedFinding[] = [];
  walk(module.body, (e) => {
    if (isIncomplete(e)) {
      const { start, end } = e;
      found.push({ rule: INCOMPLETE_HOST_CHECK, start, end, confidence: 'medium' });
    }
  });
  return found;
};

function isIncomplete(e: Expression): boolean {
  if (e.kind === 'binary' && /^(not )?in$/.test(e.operator)) {
    return HOST.test(textOf(e.left)) && HOST_NAME.test(nameOf(e.right));
  }
  if (e.kind !== 'call' || e.callee.kind !== 'member') {
    return false;
  }
  const { object, property } = e.callee;
  const part = textOf(e.args[0]?.value);
  const name = nameOf(object);
  switch (property) {
    case 'endsWith':
    case 'endswith':
      return HOST.test(part) && HOST_NAME.test(name);
    case 'startsWith':
    case 'startswith':
      return BEGINNING.test(part) && (ADDRESS_NAME.test(name) || HOST_NAME.test(name));
    case 'includes':
    case 'indexOf':
      return HOST.test(part) && HOST_NAME.test(name);
    default:
      return false;
  }
}

const textOf = (e: Expression | undefined): string =>
  e?.kind === 'literal' && typeof e.value === 'string' ? e.value : '';

/** A name, also of what a method made of it: `host.toLowerCase()`. */
function nameOf(e: Expression): string {
  if (e.kind === 'call' && e.callee.kind === 'member') {
    return nameOf(e.callee.object);
  }
  return e.kind === 'member' ? e.property : (dotted(e) ?? '');
}
