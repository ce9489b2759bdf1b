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

/** `[name, arguments]`; arguments given as text are sent as they are, valid JSON or not. */
export type CompleteAnswer = { say: string } | { calls: [name: string, args: object | string][] };

/** One answer: what a model says or calls, a refusal, or a connection that breaks. */
export type ModelAnswer =
  | CompleteAnswer
  | { status: number; headers?: Record<string, string>; body?: object | string }
  | { cut: true }
  /** Half of an answer, then the connection breaks. Only where the client wants it in pieces. */
  | { halfOf: CompleteAnswer }
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
    const given = typeof step === 'function' ? step(received) : step;
    if (received.body['stream'] === true && isStreamed(given)) {
      const isWhole = !('halfOf' in given);
      const options = received.body['stream_options'] as { include_usage?: boolean } | undefined;
      const pieces = chunksOf(isWhole ? given : given.halfOf, options?.include_usage === true);
      await stream(response, pieces, isWhole);
    } else {
      send(response, given);
    }
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
  if ('cut' in answer || 'halfOf' in answer) {
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

function isStreamed(
  answer: ModelAnswer,
): answer is CompleteAnswer | Extract<ModelAnswer, { halfOf: unknown }> {
  return 'say' in answer || 'calls' in answer || 'halfOf' in answer;
}

/** As `text/event-stream`, one event after the other has gone out. */
async function stream(response: ServerResponse, chunks: object[], isWhole: boolean): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const sent = isWhole ? chunks : chunks.slice(0, Math.ceil(chunks.length / 2));
  for (const chunk of sent) {
    await new Promise((resolve) =>
      response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => resolve(undefined)),
    );
  }
  if (isWhole) {
    response.end('data: [DONE]\n\n');
  } else {
    response.socket?.destroy();
  }
}

/** An answer in OpenAI's `chat.completion.chunk`s, arguments cut into pieces anywhere. */
function chunksOf(answer: CompleteAnswer, withUsage: boolean): object[] {
  const { choices, usage, ...common } = completion(answer);
  const { message, finish_reason } = choices[0];
  const chunk = (delta: object, reason: string | null = null) => ({
    ...common,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  const texts = piecesOf(message.content ?? '').map((content) => chunk({ content }));
  const calls = (message.tool_calls ?? []).flatMap(
    ({ id, type, function: { name, arguments: args } }, index) => [
      chunk({ tool_calls: [{ index, id, type, function: { name, arguments: '' } }] }),
      ...piecesOf(args).map((piece) =>
        chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ],
  );
  return [
    chunk({ role: 'assistant', content: '' }),
    ...texts,
    ...calls,
    chunk({}, finish_reason),
    ...(withUsage ? [{ ...common, object: 'chat.completion.chunk', choices: [], usage }] : []),
  ];
}

function piecesOf(text: string): string[] {
  return text.match(/[^]{1,7}/gu) ?? [];
}

function completion(answer: CompleteAnswer) {
  const message =
    'say' in answer
      ? { role: 'assistant', content: answer.say, tool_calls: undefined }
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
    choices: [
      { index: 0, message, finish_reason: 'say' in answer ? 'stop' : 'tool_calls' },
    ] as const,
    usage: {
      prompt_tokens: TOKENS.input,
      completion_tokens: TOKENS.output,
      total_tokens: TOKENS.input + TOKENS.output,
      prompt_tokens_details: { cached_tokens: TOKENS.cached },
    },
  };
}
