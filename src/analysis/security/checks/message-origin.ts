import { dotted } from '../ir/build.js';
import type { Expression, FunctionIr, ModuleIr, Statement } from '../ir/ir.js';
import { walk } from '../ir/walk.js';
import type { Rule } from '../rule.js';
import { OWASP } from '../rules/trust.js';
import type { Check, CheckedFinding } from './check.js';

export const UNCHECKED_MESSAGE_ORIGIN: Rule = {
  id: 'message-origin-unchecked',
  title: 'Message of another window taken from anybody',
  cwe: 'CWE-346',
  owasp: OWASP.authentication,
  severity: 'medium',
  message:
    'Any page that opens or frames this one can send it messages; this listener does not look at where one comes from.',
  recommendation: {
    javascript:
      "Look at the sender first: `if (event.origin !== 'https://app.example.com') return;`.",
  },
  sinks: [],
};

/** In a window; workers and ports hear only those who know them. */
const LISTENING = /^((window|globalThis|top|parent)\.)?addEventListener$/;
const ON_MESSAGE = /^(window|globalThis)\.onmessage$/;
const WINDOW = /\b(window|document)\b/;
const LOOKS_AT_SENDER = /\borigin\b|\.source\b|isTrusted\w*Origin|[oO]riginalEvent\.origin/;
const READS_IT = /\.data\b|\bdata\b/;

/** `window.addEventListener('message', (event) => run(event.data))` */
export const findUncheckedMessages: Check = (module: ModuleIr, text: string): CheckedFinding[] => {
  if (module.language !== 'javascript' || !WINDOW.test(text)) {
    return [];
  }
  const found: CheckedFinding[] = [];
  const functions = functionsByName(module.body);
  walk(module.body, (e) => {
    const listener = listenerOf(e);
    const fn = listener?.kind === 'name' ? functions.get(listener.name) : functionIn(listener);
    const own = fn ? text.slice(fn.start, fn.end) : '';
    if (READS_IT.test(own) && !LOOKS_AT_SENDER.test(own)) {
      const { start, end } = e;
      found.push({ rule: UNCHECKED_MESSAGE_ORIGIN, start, end, confidence: 'medium' });
    }
  });
  return found;
};

function listenerOf(e: Expression): Expression | undefined {
  if (e.kind === 'assign') {
    return ON_MESSAGE.test(dotted(e.target) ?? '') ? e.value : undefined;
  }
  if (e.kind !== 'call' || !LISTENING.test(dotted(e.callee) ?? '')) {
    return undefined;
  }
  const [event, listener] = e.args;
  return event?.value.kind === 'literal' && event.value.value === 'message'
    ? listener?.value
    : undefined;
}

const functionIn = (e: Expression | undefined): FunctionIr | undefined =>
  e?.kind === 'function' ? e.fn : undefined;

/** Declared on their own, or held by a variable of the module. */
function functionsByName(body: readonly Statement[]): ReadonlyMap<string, FunctionIr> {
  const functions = new Map<string, FunctionIr>();
  for (const statement of body) {
    if (statement.kind === 'function' && statement.fn.name !== null) {
      functions.set(statement.fn.name, statement.fn);
    } else if (statement.kind === 'assign' && statement.target.kind === 'name') {
      const fn = functionIn(statement.value);
      if (fn) {
        functions.set(statement.target.name, fn);
      }
    }
  }
  return functions;
}
