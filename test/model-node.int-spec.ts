import { NODE_FEATURES, NODE_TEST } from './support/model-node-scripts.js';
import { API_KEY, startModelServer, type ModelServer } from './support/model-server.js';
import { callsTools, PLAN, SMALL } from './support/model-scripts.js';

/** Toolchain, where it has to be made, included. */
const LONG_MS = 240_000;
const TEST = 'test/words.test.ts';

/** What the model writes can't find the key where it runs: it passes there. */
const KEY_TEST = `import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

test('no process has a key', () => {
  const processes = readdirSync('/proc').filter((name) => /^\\d+$/.test(name));
  const variables = processes.map((name) => read('/proc/' + name + '/environ'));
  expect(variables.join()).not.toMatch(/LLM_|sk-/);
});
`;

describe('a build with a language model in TypeScript', () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer();
  }, LONG_MS);

  afterAll(() => server.close());

  it.each([
    ['express', 'TypeScript'],
    ['nestjs', 'Node.js'],
  ] as const)(
    'adds a feature to a scaffold of %s, and repairs its failing test',
    async (framework, language) => {
      const { calls, route } = NODE_FEATURES[framework];
      const wrong = NODE_TEST.replace('words: 3', 'words: 4');
      server.model.play(
        callsTools(['submit_plan', { ...PLAN, language, framework }]),
        callsTools(
          ...calls,
          ['write_file', { path: TEST, content: wrong }],
          ['write_file', { path: 'test/key.test.ts', content: KEY_TEST }],
        ),
        { say: 'All tests pass.' },
        callsTools(['edit_file', { path: TEST, old_text: 'words: 4', new_text: 'words: 3' }]),
        { say: 'Mended.' },
      );

      const id = await server.submit(framework, 'Count words', SMALL);
      const build = await server.ended(id);

      expect(build.error).toBeNull();
      expect(build).toMatchObject({
        status: 'completed',
        results: {
          engine: 'openai:scripted',
          specification: { framework, database: 'none' },
          tests_failed: 0,
          type_errors: 0,
          lint_errors: 0,
          repairs: 1,
          stop_reason: null,
          usage: { calls: 5 },
        },
      });
      expect(build.results.tests_passed).toBeGreaterThan(10);
      const logs = await (await server.request('GET', `/api/build/${id}/logs`)).text();
      expect(logs).toContain('test/words.test.ts');
      expect(JSON.stringify([build, await server.events(id)]) + logs).not.toContain(API_KEY);
      expect(build.results.generated_files).toEqual(expect.arrayContaining([route, TEST]));
      const [, writing, , repairing] = server.model.requests;
      expect(writing?.body.messages[0]?.content).toMatch(
        /verified TypeScript code[^]*vitest[^]*installed, no others: [^]*express/,
      );
      expect(repairing?.body.messages.at(-1)?.content).toMatch(
        /tests: FAILED[^]*test\/words\.test\.ts > counts words/,
      );
      // Written without semicolons: what the model leaves is laid out for it.
      expect(await server.file(id, route)).toMatch(/^import .*';$/m);
    },
    LONG_MS,
  );
});
