import type { Rule } from '../../rule.js';
import { ANY_DYNAMIC, OWASP } from '../trust.js';

/** CWE-94, CWE-95: text that is run as code. */
export const CODE_INJECTION: Rule = {
  id: 'code-injection',
  title: 'Dynamic value run as code',
  cwe: 'CWE-94',
  owasp: OWASP.injection,
  severity: 'critical',
  message: 'A dynamic value is evaluated as code.',
  recommendation: {
    python:
      'Parse data as data: `ast.literal_eval(text)` or `json.loads(text)`; choose behaviour from a table: `OPERATIONS[name](a, b)`.',
    javascript:
      'Parse data as data: `JSON.parse(text)`; choose behaviour from a table: `operations[name]?.(a, b)` on a `Map` or an object without prototype.',
  },
  flow: { context: 'code', trust: ANY_DYNAMIC },
  sinks: [
    {
      language: 'python',
      call: [
        'eval',
        'exec',
        'execfile',
        'builtins.{eval,exec}',
        '__builtins__.{eval,exec}',
        'code.InteractiveInterpreter().runsource',
        'pandas.eval',
        'numexpr.evaluate',
        'asteval.Interpreter().eval',
        'timeit.timeit',
      ],
      args: [0],
    },
    {
      language: 'python',
      call: ['compile'],
      args: [0],
      when: [{ arg: [2, 'mode'], is: ['exec', 'eval', 'single'] }],
      confidence: 'medium',
    },
    {
      language: 'python',
      call: ['__import__', 'importlib.import_module'],
      args: [0],
      trust: { request: 'high', input: 'medium', network: 'medium' },
    },
    {
      language: 'javascript',
      call: [
        'eval',
        'global.eval',
        'globalThis.eval',
        'window.eval',
        'Function',
        'vm.{runInThisContext,runInNewContext,runInContext,compileFunction}',
        'vm.Script',
        'vm2.VM().run',
        'vm2.NodeVM().run',
        'execScript',
        'window.execScript',
        '*.safeEval',
        'safe-eval',
        'static-eval',
        'mathjs.eval',
        '{$,jQuery}.globalEval',
      ],
      args: ['*'],
    },
    {
      language: 'javascript',
      call: ['sandbox().run', 'vm2.VMScript', 'isolated-vm.Isolate().compileScript'],
      args: [0],
    },
    // Text that a program has a browser run
    {
      language: 'javascript',
      call: ['*.{evaluate,evaluateHandle,evaluateOnNewDocument,addInitScript}'],
      args: [0],
      importsLike: /^(@playwright\/test|playwright|puppeteer)/,
      trust: { request: 'high', network: 'medium' },
    },
    {
      language: 'javascript',
      call: ['setTimeout', 'setInterval', 'window.{setTimeout,setInterval}'],
      args: [0],
      trust: { request: 'high', browser: 'high' },
    },
    {
      language: 'javascript',
      call: ['require', 'import'],
      args: [0],
      trust: { request: 'high', browser: 'high' },
    },
  ],
};
