import { readOxlintReport } from './oxlint-report.js';

/** One diagnostic at the first place where the text has `at`, as oxlint 1.94 prints it. */
function output(text: string, at: string, more: object = {}): Buffer {
  const offset = Buffer.from(text.slice(0, text.indexOf(at))).length;
  const line = text.slice(0, text.indexOf(at)).split('\n').length;
  const span = { offset, length: Buffer.from(at).length, line, column: 1 };
  return Buffer.from(
    JSON.stringify({
      diagnostics: [
        {
          message: "Duplicate key 'a'",
          code: 'eslint(no-dupe-keys)',
          severity: 'warning',
          help: 'Consider removing the duplicated key',
          filename: 'sources/0.js',
          labels: [{ label: 'here', span }],
          ...more,
        },
      ],
      number_of_files: 1,
    }),
  );
}

const read = (text: string, at: string, more: object = {}) =>
  readOxlintReport(
    output(text, at, more),
    new Map([['0.js', { path: 'lib/ü.js', content: Buffer.from(text) }]]),
  );

describe(readOxlintReport, () => {
  it('reads a finding', () => {
    expect(read('x = {\n  a: 1,\n  b: {\n  }\n};', 'b: {\n  }')).toEqual([
      {
        rule_id: 'no-dupe-keys',
        engine: 'oxlint',
        category: 'quality',
        impact: 'reliability',
        issue: 'Key given twice',
        message: "Duplicate key 'a'",
        severity: 'medium',
        confidence: 'high',
        file: 'lib/ü.js',
        line: 3,
        column: 3,
        end_line: 4,
        recommendation: 'Remove the repeated key: only its last value counts',
        cwe: null,
        owasp: null,
        trace: [],
        effort_minutes: 5,
      },
    ]);
  });

  it.each([
    ['characters', 'é = "😀😀"; debugger', 11],
    ['none of a byte order mark', '\uFEFFdebugger', 1],
    ['from the start of the line', 'a;\r\n  debugger', 3],
  ])('counts %s', (_, text, column) => {
    expect(read(text, 'debugger')).toMatchObject([{ column }]);
  });

  it('names the rules of plugins by plugin and name', () => {
    expect(read('a', 'a', { code: 'unicorn(no-new-buffer)' })).toMatchObject([
      { rule_id: 'unicorn/no-new-buffer', issue: 'Buffer constructor' },
    ]);
    expect(read('a', 'a', { code: 'react-hooks(rules-of-hooks)' })).toMatchObject([
      { rule_id: 'react/rules-of-hooks', impact: 'reliability' },
    ]);
  });

  it('takes what has no rule for a syntax error', () => {
    expect(read('a', 'a', { code: undefined, help: null })).toMatchObject([
      { rule_id: 'invalid-syntax', severity: 'high', impact: 'reliability' },
    ]);
    expect(read('a', 'a', { code: undefined, labels: [] })).toMatchObject([{ line: 1, column: 1 }]);
  });

  it.each([
    ['leaves to a page what its script declares', 'function go() {}\n', 0],
    ['reports it inside of a function', '(() => {\n  function go() {}\n})();\n', 1],
    ['reports it in a module', 'function go() {}\nexport {};\n', 1],
    ['reports it in a module of Node', 'const a = require("a");\nfunction go() {}\n', 1],
  ])('%s', (_, text, count) => {
    expect(read(text, 'go', { code: 'eslint(no-unused-vars)' })).toHaveLength(count);
  });

  it.each([
    ['a declaration', 'declare function f(a, b): void;', 0],
    ['an overload', 'function f(a, b): void\nfunction f(a, b) {}', 0],
    ['a method of an interface', 'interface I { f(a, b); }', 0],
    ['a function', 'function f(a, b): A | null {\n}', 1],
    ['a function on two lines', 'function f(a, b)\n{\n}', 1],
    ['an arrow', 'const f = (a, b): A => a;', 1],
  ])('counts the parameters of %s: %s', (_, text, count) => {
    expect(read(text, '(a, b)', { code: 'eslint(max-params)' })).toHaveLength(count);
  });

  it.each([
    ['follows another', 'case 1:\n  case 2:', 0],
    [
      'follows another and a comment',
      'case 1: // one\n  // two\n\n  /* three\n   * four */\n  case 2:',
      0,
    ],
    ['follows code', 'case 1:\n  go();\n  // on\n  case 2:', 1],
  ])('reports a case that %s: %j', (_, text, count) => {
    expect(read(text, 'case 2:', { code: 'eslint(no-fallthrough)' })).toHaveLength(count);
  });

  it('passes over files that are not the project’s', () => {
    expect(read('a', 'a', { filename: 'oxlint-config.json' })).toEqual([]);
  });

  it.each(['', 'Segmentation fault', '{}'])('refuses %j', (text) => {
    expect(() => readOxlintReport(Buffer.from(text), new Map())).toThrow();
  });
});
