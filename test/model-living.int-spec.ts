import { startModelServer, type ModelServer } from './support/model-server.js';
import { callsTools, PLAN, THE_FEATURE } from './support/model-scripts.js';

/** Toolchain, where it has to be made, included. */
const LONG_MS = 240_000;
const QUICK = { database: 'none', include_tests: false };
const MAIN = 'app/main.py';
const OWN_FUNCTION = '\n\ndef own() -> str:\n    """The user wrote it."""\n    return "own"\n';
const NO_TASKS = { ...PLAN, tasks: [], include_tests: false };

const FOREIGN = `"""Somebody else's service."""

from fastapi import FastAPI

def create_app() -> FastAPI:
  app = FastAPI()

  @app.get("/health/live")
  @app.get("/health/ready")
  def health() -> dict[str, str]:
    return {"status": "ok"}

  return app
`;

describe("a language model on a project's own source", () => {
  let server: ModelServer;

  beforeAll(async () => {
    server = await startModelServer();
  }, LONG_MS);

  afterAll(() => server.close());

  /** A built project with the user's edits. */
  async function begin(name: string, edit: (main: string) => string): Promise<void> {
    server.model.play(callsTools(['submit_plan', NO_TASKS]));
    const built = await server.ended(await server.submit(name, 'Health probes', QUICK));
    expect(built).toMatchObject({ error: null, status: 'completed' });
    const files: Record<string, string> = {};
    for (const path of built.results.generated_files) {
      files[path] = await headFile(name, path);
    }
    await upload(name, { ...files, [MAIN]: edit(files[MAIN] ?? ''), 'notes.txt': 'one\r\ntwo' });
  }

  async function upload(name: string, files: Record<string, string>): Promise<void> {
    const answer = await server.request('PUT', `/api/projects/${name}/source`, { files });
    expect(answer.status).toBe(201);
  }

  async function headFile(name: string, path: string): Promise<string> {
    return (await server.request('GET', `/api/projects/${name}/files/${path}`)).text();
  }

  it(
    'adds what the blueprints have to it, and keeps the edits of the user',
    async () => {
      await begin('edited', (main) => main + OWN_FUNCTION);
      server.model.play(
        callsTools(['submit_plan', { ...PLAN, features: ['auth'], include_tests: false }]),
        callsTools(...THE_FEATURE.slice(0, 3)),
        { say: 'Done.' },
      );

      const id = await server.submit('edited', 'Accounts, and a count of words', QUICK);
      const build = await server.ended(id);

      expect(build).toMatchObject({
        error: null,
        status: 'completed',
        results: { conflicts: [], specification: { features: ['auth', 'health'] }, repairs: 0 },
      });
      const main = await headFile('edited', MAIN);
      expect(main.endsWith(OWN_FUNCTION)).toBe(true);
      expect(main).toContain('words_router');
      expect(main).toContain('app.auth');
      expect(await headFile('edited', 'notes.txt')).toBe('one\r\ntwo');
      expect(await headFile('edited', 'app/auth/router.py')).toContain('APIRouter');
      const [planning, writing] = server.model.requests;
      expect(planning?.body.messages[1]?.content).toContain(
        'rests on the scaffold: fastapi, database none, features health',
      );
      expect(writing?.body.messages.at(-1)?.content).toContain('app/auth/router.py');
      const told = (await server.events(id)).map(({ data }) => data);
      expect(told).toContainEqual(
        expect.objectContaining({ merged_files: expect.arrayContaining([MAIN]), conflicts: [] }),
      );
    },
    LONG_MS,
  );

  it(
    'settles what can not be merged, and tells of it',
    async () => {
      await begin('torn', (main) => main.replace('    return app\n', '    return app  # mine\n'));
      server.model.play(
        callsTools(['submit_plan', { ...NO_TASKS, features: ['auth'] }]),
        ({ body }) => {
          const [, both = ''] = (body.messages.at(-1)?.content ?? '').split('both_changed\n');
          const content = both
            .replace(/<<<<<<< yours\n[^]*?=======\n/, '')
            .replace('    return app\n>>>>>>> generated\n', '    return app  # mine\n');
          return callsTools(['write_file', { path: MAIN, content }]);
        },
        { say: 'Done.' },
      );

      const id = await server.submit('torn', 'Accounts', QUICK);
      const build = await server.ended(id);

      const told = server.model.requests[1]?.body.messages ?? [];
      expect(told[1]?.content).toContain('keep what the project does of its own');
      expect(told.at(-1)).toMatchObject({
        role: 'tool',
        content: expect.stringMatching(
          /app\/main\.py: both_changed\n[^]*<<<<<<< yours\n {4}return app {2}# mine\n=======\n/,
        ),
      });
      expect(build).toMatchObject({
        error: null,
        status: 'completed',
        results: {
          conflicts: [{ path: MAIN, kind: 'both_changed' }],
          notes: [
            `Could not be merged with the project's own changes, and was settled by the model: ${MAIN}`,
          ],
        },
      });
      expect(await headFile('torn', MAIN)).toMatch(/auth[^]*\n {4}return app {2}# mine\n/);
    },
    LONG_MS,
  );

  it(
    'works on source that it has nothing to do with',
    async () => {
      const files = {
        'app/__init__.py': '',
        [MAIN]: FOREIGN,
        'odd.py': "x  =   'as it is'\n",
        'ruff.toml': 'exclude = ["odd.py"]\n',
      };
      await upload('foreign', files);
      server.model.play(
        callsTools(['submit_plan', { ...NO_TASKS, features: ['auth'] }]),
        callsTools(THE_FEATURE[0]!, [
          'edit_file',
          {
            path: MAIN,
            old_text: '  return app\n',
            new_text: '  app.include_router(router)\n  return app\n',
          },
        ]),
        callsTools([
          'edit_file',
          {
            path: MAIN,
            old_text: 'import FastAPI\n',
            new_text: 'import FastAPI\nfrom app.words import router\n',
          },
        ]),
        { say: 'Done.' },
      );

      const build = await server.ended(await server.submit('foreign', 'Count words', QUICK));

      expect(build).toMatchObject({
        error: null,
        status: 'completed',
        results: {
          tasks: ['Make sure that the feature auth is there, with tests.'],
          specification: { features: ['health'] },
        },
      });
      expect(build.results.generated_files).toEqual([...Object.keys(files), 'app/words.py'].sort());
      expect(await headFile('foreign', 'odd.py')).toBe(files['odd.py']);
    },
    LONG_MS,
  );
});
