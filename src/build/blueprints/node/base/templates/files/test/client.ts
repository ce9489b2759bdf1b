import { afterAll, beforeAll } from 'vitest';
import { startService, type StartedService } from './start-service.js';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed JSON; `undefined` where there is none. */
  body: unknown;
}

export interface Request {
  json?: unknown;
  form?: Record<string, string>;
  /** As it is, with the content type of `headers`. */
  text?: string;
  headers?: Record<string, string>;
}

/** Speaks to a service over HTTP, as its users do. */
export class Client {
  private service: StartedService | undefined;

  async start(environment: Record<string, string>): Promise<void> {
    this.service = await startService(environment);
  }

  async stop(): Promise<void> {
    await this.service?.close();
  }

  get = (path: string, request: Request = {}) => this.send('GET', path, request);
  post = (path: string, request: Request = {}) => this.send('POST', path, request);
  put = (path: string, request: Request = {}) => this.send('PUT', path, request);
  patch = (path: string, request: Request = {}) => this.send('PATCH', path, request);
  delete = (path: string, request: Request = {}) => this.send('DELETE', path, request);

  private async send(method: string, path: string, request: Request): Promise<Answer> {
    const { body, type } = encode(request);
    const answer = await fetch(`${this.service?.url}${path}`, {
      method,
      headers: { ...type, ...request.headers },
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    const parsed: unknown = isJson ? JSON.parse(text) : undefined;
    return { status: answer.status, headers: answer.headers, text, body: parsed };
  }
}

/** A service for all tests of a file, or of one `describe`. */
export function useService(environment: Record<string, string> = {}): Client {
  const client = new Client();
  beforeAll(() => client.start(environment));
  afterAll(() => client.stop());
  return client;
}

function encode({ json, form, text }: Request): { body?: string; type?: Record<string, string> } {
  if (json !== undefined) {
    return { body: JSON.stringify(json), type: { 'Content-Type': 'application/json' } };
  }
  if (form !== undefined) {
    return {
      body: new URLSearchParams(form).toString(),
      type: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  }
  return text === undefined ? {} : { body: text };
}
