const FORGED = JSON.stringify({
  ...{ exit_status: 0, collected: 99, passed: 99, failed: 0, skipped: 0, failures: [], seconds: 1 },
  coverage: { lines: 1, covered: 1, files: {} },
});

/** Each project has it, and has to fail for it. */
export const WRONG_NODE_TEST = {
  path: 'test/wrong.test.ts',
  text: "import { expect, test } from 'vitest';\n\ntest('wrong', () => {\n  expect(1 + 1).toBe(3);\n});\n",
};

const ALL_WRITES = `
import { openSync, readdirSync, writeSync } from 'node:fs';
const report = ${JSON.stringify(FORGED)};
const attempt = (write) => { try { write(); } catch {} };
for (let fd = 3; fd < 64; fd += 1) attempt(() => writeSync(fd, report));
for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && name !== String(process.pid))) {
  for (let fd = 3; fd < 64; fd += 1) attempt(() => writeSync(openSync('/proc/' + pid + '/fd/' + fd, 'w'), report));
}
`;

/** Through the debugger, which Node opens to everybody on SIGUSR1: the parent writes the report itself, and ends well. */
const DEBUGGER = `
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
const write = 'process.getBuiltinModule("fs").writeSync(4, ' + JSON.stringify(${JSON.stringify(FORGED)}) + ')';
process.kill(process.ppid, 'SIGUSR1');
await delay(500);
spawnSync(process.execPath, ['inspect', '127.0.0.1:9229'], {
  input: 'exec(' + JSON.stringify(write + ', process.reallyExit(0)') + ')\\n',
  timeout: 5_000,
});
`;

const CONFIG = (test: string) => `export default { test: { ${test} } };\n`;

/** What a TypeScript project may do so that its failing test isn't seen. */
export const NODE_TAMPERING: [string, Record<string, string>][] = [
  [
    'reports that were written beforehand',
    {
      'coverage/coverage-summary.json': '{"total": {"lines": {"pct": 100}}}',
      'coverage/.tmp/coverage-0.json': '{"result": []}',
      'junit.xml': '<testsuite tests="99" failures="0"/>',
      'report.json': FORGED,
    },
  ],
  ['process.exit(0) in a test', { 'test/a.test.ts': 'process.exit(0);\n' }],
  ['process.exit(0) in the configuration', { 'vitest.config.ts': 'process.exit(0);\n' }],
  [
    'a forged report on every descriptor, from a test',
    { 'test/a.test.ts': `${ALL_WRITES}process.exit(0);\n` },
  ],
  [
    'the same, from the configuration',
    { 'vitest.config.ts': `${ALL_WRITES}process.kill(process.ppid);\n` },
  ],
  ['the debugger, from a test', { 'test/a.test.ts': `${DEBUGGER}process.exit(0);\n` }],
  ['the debugger, from the configuration', { 'vitest.config.ts': DEBUGGER }],
  [
    'a reporter of its own',
    { 'vitest.config.ts': CONFIG('reporters: [{ onTestRunEnd: () => process.exit(0) }]') },
  ],
  ['settings that leave a file out', { 'vitest.config.ts': CONFIG("include: ['test/health*']") }],
  ['settings that leave tests out', { 'vitest.config.ts': CONFIG("testNamePattern: 'answers'") }],
  [
    'settings that tolerate errors',
    { 'vitest.config.ts': CONFIG('passWithNoTests: true, dangerouslyIgnoreUnhandledErrors: true') },
  ],
  [
    'a global setup that removes what fails',
    {
      'vitest.config.ts': CONFIG("globalSetup: ['setup.ts']"),
      'setup.ts':
        "import { rmSync } from 'node:fs';\nexport default () => rmSync('test/wrong.test.ts');\n",
    },
  ],
  [
    'a configuration that rewrites what fails',
    {
      'vitest.config.ts':
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('test/wrong.test.ts', \"import { test } from 'vitest';\\ntest('wrong', () => undefined);\\n\");\nexport default {};\n",
    },
  ],
  [
    'a test that is the only one',
    { 'test/a.test.ts': "import { test } from 'vitest';\ntest.only('right', () => undefined);\n" },
  ],
  [
    'a setup file that changes a matcher',
    {
      'vitest.config.ts': CONFIG("setupFiles: ['setup.ts']"),
      'setup.ts':
        "import { expect } from 'vitest';\nexpect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n",
    },
  ],
  [
    'a setup file that changes what matchers are',
    {
      'vitest.config.ts': CONFIG("setupFiles: ['setup.ts']"),
      'setup.ts':
        "import { chai } from 'vitest';\nchai.Assertion.prototype.toBe = () => undefined;\n",
    },
  ],
];
