import { StreamWatcher } from './stream-watcher.js';
import { send, type JsonObject, type Reply, type RequestOptions } from './system-http.js';

export interface Account {
  username: string;
  password: string;
  token: string;
  refreshToken: string;
}

let accounts = 0;

/** What users do with the product, as the document tells them to. */
export abstract class SystemClient {
  readonly admin = { username: 'admin', password: 'first-admin-secret-9f3b' };
  /** Every password and token that the product was given or gave. */
  readonly secrets = new Set<string>([this.admin.password]);

  /** Where it answers now; another place after a restart. */
  abstract get url(): string;

  get wsUrl(): string {
    return this.url.replace('http:', 'ws:');
  }

  async request<T = JsonObject>(
    method: string,
    path: string,
    options?: RequestOptions,
  ): Promise<Reply<T>> {
    return send<T>(this.url, method, path, options);
  }

  /** A stranger's account, as the document's readers get theirs. */
  async register(username = `user-${(accounts += 1)}`): Promise<Account> {
    const password = `secret-of-${username}-71c2`;
    this.secrets.add(password);
    const reply = await this.request('POST', '/auth/register', { body: { username, password } });
    expectStatus(reply, 201);
    return this.login(username, password);
  }

  /** An account that an administrator made. */
  async accountWithRole(role: 'admin' | 'user' | 'viewer'): Promise<Account> {
    const username = `${role}-${(accounts += 1)}`;
    const password = `secret-of-${username}-71c2`;
    this.secrets.add(password);
    const { token } = await this.loginAdmin();
    const body = { username, password, role };
    expectStatus(await this.request('POST', '/auth/users/', { token, body }), 201);
    return this.login(username, password);
  }

  loginAdmin(): Promise<Account> {
    return this.login(this.admin.username, this.admin.password);
  }

  async login(username: string, password: string): Promise<Account> {
    this.secrets.add(password);
    const reply = await this.request<{ access_token: string; refresh_token: string }>(
      'POST',
      '/auth/login',
      { body: { username, password } },
    );
    expectStatus(reply, 200);
    const { access_token: token, refresh_token: refreshToken } = reply.body;
    this.secrets.add(token).add(refreshToken);
    return { username, password, token, refreshToken };
  }

  /** Creates a build. @returns its id */
  async build(token: string, body: object): Promise<string> {
    const reply = await this.request<{ task_id: string }>('POST', '/api/build/', { token, body });
    expectStatus(reply, 202);
    return reply.body.task_id;
  }

  /** Follows a build as the document does. */
  watch(token: string, taskId: string, query = ''): StreamWatcher {
    return new StreamWatcher(`${this.wsUrl}/api/ws/build/${taskId}?token=${token}${query}`);
  }

  /** Waits for a build's end. @returns the build */
  async ended<T = JsonObject>(token: string, taskId: string): Promise<T> {
    await this.watch(token, taskId).closed;
    const reply = await this.request<T>('GET', `/api/build/${taskId}`, { token });
    expectStatus(reply, 200);
    return reply.body;
  }
}

function expectStatus(reply: Reply<unknown>, status: number): void {
  if (reply.status !== status) {
    throw new Error(`Expected ${status}, got ${reply.status}: ${reply.text}`);
  }
}
