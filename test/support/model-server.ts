import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from './postgres.js';
import { startScriptedModel, type ScriptedModel } from './scripted-model.js';

/** Shared by every suite and every run: making it takes a quarter of a minute. */
const TOOLCHAIN_DIR = join(tmpdir(), 'goalsmith-test-toolchains');
const ADMIN_PASSWORD = 'the tests administrator';

/** Appears nowhere but in requests to the model. */
export const API_KEY = 'sk-scripted-0123456789abcdef';

/** A build as `GET /api/build/{task_id}` gives it. */
export interface BuildAnswer {
  status: string;
  project_name: string;
  progress: number;
  error: string | null;
  stopped_in_ms: number | null;
  parameters: object;
  retry_of: string | null;
  verify_of: string | null;
  results: {
    generated_files: string[];
    tests_passed: number | null;
    tests_failed: number | null;
    type_errors: number | null;
    lint_errors: number | null;
    checks: { name: string; passed: boolean; report: Record<string, unknown> }[];
    engine: string;
    notes: string[];
    tasks: string[];
    snapshot: string | null;
    specification: object | null;
    conflicts: { path: string; kind: string; text: string | null }[];
    stop_reason: string | null;
    repairs: number;
    usage: Record<string, unknown> | null;
  };
}

export interface BuildEvent {
  type: string;
  timestamp: string;
  data?: {
    current_step?: string;
    parked_until?: string;
    tool_calls?: { tool: string; file: string | null; outcome: string }[];
  };
}

/** The whole product in this process, with a scripted model as its language model. */
export interface ModelServer {
  model: ScriptedModel;
  /** Accepts a build. @returns its id */
  submit(projectName: string, goal: string, parameters?: object): Promise<string>;
  /** The build once it has ended. */
  ended(id: string): Promise<BuildAnswer>;
  /** Resolves when the build tells of a step like that. */
  until(id: string, step: RegExp): Promise<void>;
  events(id: string): Promise<BuildEvent[]>;
  /** One file of what a build made; `null`: it isn't there. */
  file(id: string, path: string): Promise<string | null>;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Ends the server in order, and starts another on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startModelServer(
  settings: Record<string, string> = {},
): Promise<ModelServer> {
  const model = await startScriptedModel();
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'goalsmith-model-'));
  const env = {
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    TOOLCHAIN_DIR,
    ADMIN_PASSWORD,
    RATE_LIMIT_GLOBAL: '0',
    RATE_LIMIT_BUILD: '0',
    LOG_LEVEL: 'silent',
    LLM_PROVIDER: 'openai',
    LLM_MODEL: 'scripted',
    LLM_BASE_URL: model.url,
    LLM_API_KEY: API_KEY,
    JWT_SECRET: 'a secret of the tests, 32 bytes and more',
    ...settings,
  };
  let server = await startServer(env);
  let base = server.url.replace('localhost', '127.0.0.1');
  let token = '';
  const request: ModelServer['request'] = (method, path, body, headers) =>
    fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  const login = await request('POST', '/auth/login', {
    username: 'admin',
    password: ADMIN_PASSWORD,
  });
  token = ((await login.json()) as { access_token: string }).access_token;

  return {
    model,
    request,
    async submit(projectName, goal, parameters = {}) {
      const answer = await request('POST', '/api/build/', {
        project_name: projectName,
        goal,
        parameters,
      });
      const body = (await answer.json()) as { task_id: string };
      expect({ status: answer.status, body }).toMatchObject({ status: 202 });
      return body.task_id;
    },
    async ended(id) {
      // The stream of events ends with the build: nothing is polled.
      const headers = followHeaders(token);
      await (await fetch(`${base}/api/build/${id}/events`, { headers })).text();
      return (await (await request('GET', `/api/build/${id}`)).json()) as BuildAnswer;
    },
    async until(id, step) {
      // Not with `fetch`: after an abort it opens a connection without a word, and the server's end waits for that.
      const following = get(`${base}/api/build/${id}/events`, {
        agent: false,
        headers: followHeaders(token),
      });
      const [response] = (await once(following, 'response')) as [IncomingMessage];
      let seen = '';
      for await (const chunk of response) {
        seen += String(chunk);
        if (step.test(seen)) {
          return;
        }
      }
      throw new Error(`The build ended without ${step}`);
    },
    async events(id) {
      const answer = await request('GET', `/api/build/${id}/events`);
      return (await answer.json()) as BuildEvent[];
    },
    async file(id, path) {
      const answer = await request('GET', `/api/build/${id}/files/${path}`);
      return answer.status === 200 ? answer.text() : null;
    },
    async restart() {
      await server.stop();
      server = await startServer(env);
      base = server.url.replace('localhost', '127.0.0.1');
    },
    async close() {
      await server.stop();
      await model.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function followHeaders(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
}
