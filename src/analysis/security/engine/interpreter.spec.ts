import { analyzeFile, type SecurityFinding } from '../analyze-security.js';

const findings = (file: string, text: string): readonly SecurityFinding[] =>
  analyzeFile(file, text).findings.filter(({ confidence }) => confidence !== 'low');
const python = (text: string): string[] =>
  findings('app.py', text).map(({ ruleId, line, confidence }) => `${ruleId}:${line}:${confidence}`);
const javascript = (text: string): string[] =>
  findings('app.ts', text).map(({ ruleId, line, confidence }) => `${ruleId}:${line}:${confidence}`);

describe('flows in Python', () => {
  it.each([
    [
      'an excerpt without imports',
      'name = request.args["n"]\neval(name)',
      ['code-injection:2:high'],
    ],
    [
      'an alias of a module',
      'import subprocess as sp\ndef f(x):\n    sp.call("a " + x, shell=True)',
      ['command-injection:3:medium'],
    ],
    [
      'an alias of a function',
      'from subprocess import run as r\ndef f(x):\n    r(f"a {x}", shell=True)',
      ['command-injection:3:medium'],
    ],
    ['a name with a constant in it', 'import os\ncmd = "ls"\nos.system("x " + cmd)', []],
    [
      'a helper two calls away',
      'import os\nfrom flask import request\ndef a(x):\n    b(x)\ndef b(y):\n    os.system("ls " + y)\n@app.route("/")\ndef view():\n    a(request.args["p"])',
      ['command-injection:6:high'],
    ],
    [
      'what a helper gives back',
      'import os\nfrom flask import request\ndef name():\n    return request.args["n"]\nos.system("ls " + name())',
      ['command-injection:5:high'],
    ],
    [
      'a value assigned anew',
      'import os\ndef f(x):\n    x = "fixed"\n    os.system("ls " + x)',
      [],
    ],
    [
      'one branch that leaves it as it is',
      'import os\ndef f(x, y):\n    if y:\n        x = "fixed"\n    os.system("ls " + x)',
      ['command-injection:5:medium'],
    ],
    ['a cast', 'import os\ndef f(x):\n    os.system("kill %s" % int(x))', []],
    [
      'a guard that leaves',
      'import os\ndef f(x):\n    if not x.isalnum():\n        return\n    os.system("ls " + x)',
      [],
    ],
    [
      'not and or with their precedence',
      'import os\nOK = {"a"}\ndef f(x):\n    if not x or x not in OK:\n        raise ValueError\n    os.system("ls " + x)',
      [],
    ],
    [
      'a guard in a conditional expression',
      'import os\ndef f(x):\n    os.system("ls " + (x if x in ("a", "b") else "a"))',
      [],
    ],
    [
      'an assertion',
      'import os\ndef f(x):\n    assert x in ("a", "b")\n    os.system("ls " + x)',
      [],
    ],
    ['a typed parameter', 'import os\ndef f(x: int):\n    os.system(f"kill {x}")', []],
    [
      'format',
      'import os\ndef f(x):\n    os.system("ls {}".format(x))',
      ['command-injection:3:medium'],
    ],
    [
      'join of a list',
      'import os\ndef f(x):\n    os.system(" ".join(["ls", x]))',
      ['command-injection:3:medium'],
    ],
    [
      'a list that is appended to',
      'import os\ndef f(x):\n    parts = []\n    parts.append(x)\n    os.system(" ".join(parts))',
      ['command-injection:5:medium'],
    ],
    [
      'a dictionary by key',
      'import os\ndef f(x):\n    d = {"a": x, "b": "ls"}\n    os.system("x " + d["b"])\n    os.system("x " + d["a"])',
      ['command-injection:5:medium'],
    ],
    [
      'a field of an object',
      'import os\nclass A:\n    def __init__(self, x):\n        self.x = x\n    def go(self):\n        os.system("ls " + self.x)',
      ['command-injection:6:medium'],
    ],
    [
      'a comprehension',
      'import os\ndef f(xs):\n    for c in [f"rm {x}" for x in xs]:\n        os.system(c)',
      ['command-injection:4:medium'],
    ],
    [
      'a look-up in a fixed table',
      'import os\nT = {"a": "ls"}\ndef f(x):\n    os.system("x " + T[x])',
      [],
    ],
    [
      'a loop that carries a value round',
      'import os\ndef f(xs):\n    last = ""\n    for x in xs:\n        os.system("ls " + last)\n        last = x',
      ['command-injection:5:medium'],
    ],
    [
      'a private helper called with constants only',
      'import os\ndef _run(x):\n    os.system("ls " + x)\n_run("a")',
      [],
    ],
    [
      'a walrus',
      'import os\nfrom flask import request\nif (n := request.args.get("n")):\n    os.system("ls " + n)',
      ['command-injection:4:high'],
    ],
    [
      'try and except',
      'import os\ndef f(x):\n    try:\n        n = int(x)\n    except ValueError:\n        n = x\n    os.system("kill " + n)',
      ['command-injection:7:medium'],
    ],
  ])('%s', (_, text, expected) => {
    expect(python(text)).toEqual(expected);
  });
});

describe('flows in JavaScript', () => {
  const REQUIRE = "const { exec: run } = require('child_process');\n";

  it.each([
    [
      'a destructured alias',
      `${REQUIRE}exports.f = (x) => run('ls ' + x);`,
      ['command-injection:2:medium'],
    ],
    [
      'a namespace import',
      "import * as cp from 'node:child_process';\nexport const f = (x) => cp.execSync(`ls ${x}`);",
      ['command-injection:2:medium'],
    ],
    [
      'another function of the same name',
      'const exec = (x) => x;\nexport const f = (x) => exec("ls " + x);',
      [],
    ],
    ['a method that is called exec', 'export const f = (x) => /a/.exec("ls " + x);', []],
    [
      'a helper two calls away',
      `${REQUIRE}function a(x) { b(x); }\nfunction b(y) { run('ls ' + y); }\napp.get('/', (req, res) => { a(req.query.p); });`,
      ['command-injection:3:high'],
    ],
    [
      'a closure',
      `${REQUIRE}app.get('/', (req, res) => {\n  const p = req.query.p;\n  later(() => { run('ls ' + p); });\n});`,
      ['command-injection:4:high'],
    ],
    [
      'a promise',
      `${REQUIRE}app.get('/', (req, res) => {\n  Promise.resolve(req.query.p).then((p) => run('ls ' + p));\n});`,
      ['command-injection:3:high'],
    ],
    ['a value assigned anew', `${REQUIRE}exports.f = (x) => { x = 'a'; run('ls ' + x); };`, []],
    [
      'a guard that leaves',
      `${REQUIRE}const OK = ['a'];\nexports.f = (x) => { if (!OK.includes(x)) { return; } run('ls ' + x); };`,
      [],
    ],
    [
      'a guard kept in a variable',
      `${REQUIRE}const OK = ['a'];\nexports.f = (x) => { const ok = OK.includes(x); if (!ok) { return; } run('ls ' + x); };`,
      [],
    ],
    [
      'a switch over constants',
      `${REQUIRE}exports.f = (x) => { switch (x) { case 'a': case 'b': run('ls ' + x); break; default: } };`,
      [],
    ],
    [
      'a template literal over more lines',
      `${REQUIRE}exports.f = (x) => run(\`ls\n  \${x}\`);`,
      ['command-injection:2:medium'],
    ],
    [
      'a map over a list',
      `${REQUIRE}exports.f = (xs) => xs.map((x) => run('ls ' + x));`,
      ['command-injection:2:medium'],
    ],
    [
      'a field of this',
      `${REQUIRE}class A {\n  constructor(x) { this.x = x; }\n  go() { run('ls ' + this.x); }\n}\nmodule.exports = A;`,
      ['command-injection:4:medium'],
    ],
    [
      'a method of this',
      `${REQUIRE}class A {\n  go(x) { this.do(x); }\n  do(y) { run('ls ' + y); }\n}\nmodule.exports = A;`,
      ['command-injection:4:medium'],
    ],
    [
      'a spread object',
      `${REQUIRE}app.post('/', (req, res) => { const o = { ...req.body }; run('ls ' + o.a); });`,
      ['command-injection:2:high'],
    ],
    [
      'a handler by name',
      `${REQUIRE}function handler(first, second) { run('ls ' + first.query.p); }\napp.get('/', handler);`,
      ['command-injection:2:high'],
    ],
    [
      'an excerpt without a handler',
      'const name = req.query.n;\neval(name);',
      ['code-injection:2:high'],
    ],
    ['a number', `${REQUIRE}exports.f = (x: number) => run('kill ' + x);`, []],
    [
      'typeof',
      `${REQUIRE}exports.f = (x) => { if (typeof x !== 'number') { throw new Error('x'); } run('kill ' + x); };`,
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(javascript(text)).toEqual(expected);
  });

  it('tells how the value flows, step by step', () => {
    const [finding] = findings(
      'app.ts',
      "import { exec } from 'child_process';\napp.get('/', (req) => {\n  const host = req.query.host;\n  exec('ping ' + host);\n});",
    );
    expect(finding?.trace).toEqual([
      { file: 'app.ts', line: 3, column: 16, text: 'req.query' },
      { file: 'app.ts', line: 3, column: 9, text: 'host = req.query.host' },
      { file: 'app.ts', line: 4, column: 8, text: "'ping ' + host" },
      { file: 'app.ts', line: 4, column: 3, text: "exec('ping ' + host)" },
    ]);
  });
});
