import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** One request as it came. */
export interface ModelRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: {
    model: string;
    messages: { role: string; content: string; tool_call_id?: string }[];
    tools: { function: { name: string } }[];
    tool_choice?: unknown;
  } & Record<string, unknown>;
  /** `performance.now()`. */
  at: number;
}

/** One answer: what a model says or calls, a refusal, or a connection that breaks. */
export type ModelAnswer =
  | { say: string }
  /** `[name, arguments]`; arguments given as text are sent as they are, valid JSON or not. */
  | { calls: [name: string, args: object | string][] }
  | { status: number; headers?: Record<string, string>; body?: object | string }
  | { cut: true }
  /** No answer at all, until the client goes. */
  | { hang: true };

/** What is answered to a request: an answer, or whatever the request makes of it. */
export type ScriptStep = ModelAnswer | ((request: ModelRequest) => ModelAnswer);

export interface ScriptedModel {
  /** For `LLM_BASE_URL`. */
  url: string;
  /** All that came since the script began. */
  requests: ModelRequest[];
  /** Begins another script; the last step answers whatever comes after it. */
  play(...steps: ScriptStep[]): void;
  close(): Promise<void>;
}

/** Every answer counts as many tokens. */
export const TOKENS = { input: 1000, output: 100, cached: 400 };

/** A server that speaks OpenAI's chat completions and plays a script: no model, the real wire. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  let steps: ScriptStep[] = [];
  const requests: ModelRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received: ModelRequest = {
      path: request.url ?? '',
      headers: request.headers,
      body: (await json(request)) as ModelRequest['body'],
      at: performance.now(),
    };
    const step = steps[Math.min(requests.length, steps.length - 1)];
    requests.push(received);
    if (!step) {
      throw new Error('No script was begun');
    }
    send(response, typeof step === 'function' ? step(received) : step);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    play(...script) {
      steps = script;
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: ModelAnswer): void {
  if ('hang' in answer) {
    return;
  }
  if ('cut' in answer) {
    response.socket?.destroy();
    return;
  }
  if ('status' in answer) {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(
      typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? { error: {} }),
    );
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(completion(answer)));
}

function completion(answer: Extract<ModelAnswer, { say: string } | { calls: unknown }>) {
  const message =
    'say' in answer
      ? { role: 'assistant', content: answer.say }
      : {
          role: 'assistant',
          content: null,
          tool_calls: answer.calls.map(([name, args], index) => ({
            id: `call_${Math.random().toString(36).slice(2)}_${index}`,
            type: 'function',
            function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
          })),
        };
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 0,
    model: 'scripted',
    choices: [{ index: 0, message, finish_reason: 'say' in answer ? 'stop' : 'tool_calls' }],
    usage: {
      prompt_tokens: TOKENS.input,
      completion_tokens: TOKENS.output,
      total_tokens: TOKENS.input + TOKENS.output,
      prompt_tokens_details: { cached_tokens: TOKENS.cached },
    },
  };
}
