import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { AnalysisDto } from '../../src/analysis/analysis.dto.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { StreamWatcher } from './stream-watcher.js';

/** Making the toolchain may be part of the first analysis. */
export const SLOW_MS = 180_000;
const PASSWORD = 'correct horse battery';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** The whole server in this process, and what clients of its analyses do. */
export class AnalysisApp {
  private constructor(
    private readonly server: RunningServer,
    private readonly database: TestDatabase,
    private readonly dataDir: string,
    /** Whoever calls if nobody else is named. */
    readonly token: string,
    readonly username: string,
  ) {}

  static async start(more: Record<string, string> = {}): Promise<AnalysisApp> {
    const database = await createTestDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'goalsmith-analysis-'));
    const server = await startServer({
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      TOOLCHAIN_DIR: join(tmpdir(), 'goalsmith-test-toolchains'),
      LOG_LEVEL: 'error',
      ADMIN_PASSWORD: PASSWORD,
      WORKER_CONCURRENCY: '4',
      RATE_LIMIT_GLOBAL: '0',
      RATE_LIMIT_BUILD: '0',
      RATE_LIMIT_ANALYSIS: '0',
      ...more,
    });
    const bare = new AnalysisApp(server, database, dataDir, '', '');
    const { token, username } = await bare.user('user');
    return new AnalysisApp(server, database, dataDir, token, username);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** As it is, for what is no JSON. */
  fetch(path: string, init: RequestInit = {}, token = this.token): Promise<Response> {
    const headers = { Authorization: `Bearer ${token}`, ...(init.headers as object) };
    return fetch(new URL(path, this.server.url), { ...init, headers });
  }

  async call<T = AnalysisDto>(
    method: string,
    path: string,
    token: string | null = this.token,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.server.url), {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { status } = response;
    return { status, headers: response.headers, body: (await response.json()) as T };
  }

  admin(): Promise<string> {
    return this.logIn('admin');
  }

  async user(role: string): Promise<{ token: string; username: string }> {
    const username = `u-${randomUUID().slice(0, 8)}`;
    const created = { username, password: PASSWORD, role };
    const { status } = await this.call('POST', '/auth/users/', await this.admin(), created);
    expect(status).toBe(201);
    return { token: await this.logIn(username), username };
  }

  analyse(body: object, headers: Record<string, string> = {}, token = this.token) {
    return this.call('POST', '/api/analysis/', token, body, headers);
  }

  /** The analysis at its end. */
  async analysed(body: object, token = this.token): Promise<AnalysisDto> {
    let { body: analysis } = await this.analyse(body, { Prefer: 'wait=60' }, token);
    while (['initializing', 'running'].includes(analysis.status)) {
      await this.watch(analysis.analysis_id, token).closed;
      ({ body: analysis } = await this.call('GET', `/api/analysis/${analysis.analysis_id}`, token));
    }
    return analysis;
  }

  watch(id: string, token = this.token): StreamWatcher {
    const url = new URL(`/api/ws/analysis/${id}?token=${token}`, this.server.url);
    url.protocol = 'ws:';
    return new StreamWatcher(url.href);
  }

  /** @returns the snapshot's id */
  async upload(project: string, files: Record<string, string>, token = this.token) {
    const path = `/api/projects/${project}/source`;
    const { body } = await this.call<{ id: string }>('PUT', path, token, { files });
    return body.id;
  }

  async sql(text: string, values: unknown[]): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      await client.query(text, values);
    } finally {
      await client.end();
    }
  }

  private async logIn(username: string): Promise<string> {
    const credentials = { username, password: PASSWORD };
    const { body } = await this.call<{ access_token: string }>(
      'POST',
      '/auth/login',
      null,
      credentials,
    );
    return body.access_token;
  }
}
