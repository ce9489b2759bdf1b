import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SystemMessage } from '@langchain/core/messages';
import { loadConfig } from '../../../../config/load-config.js';
import { Budget } from '../budget.js';
import { createChatModel } from './chat-model.js';
import { asToolAnswer, opening, requestsOf } from '../messages.js';
import { ModelCaller } from './model-caller.js';
import { ProviderConnection } from './provider-connection.js';

interface Received {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

const TOOL = {
  name: 'read_file',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' } } },
};

/** Asks a provider's API that answers with a call of `read_file`. */
async function ask(provider: string, answer: object, suffix = '', force?: string) {
  let received: Received | undefined;
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      received = {
        path: request.url,
        headers: request.headers,
        body: body as Record<string, unknown>,
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(answer)}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { llm } = loadConfig({
    LLM_PROVIDER: provider,
    LLM_MODEL: 'some-model',
    LLM_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}${suffix}`,
    LLM_API_KEY: 'the-key',
  });
  if (!llm) {
    throw new Error('no model is configured');
  }
  try {
    const { signal } = new AbortController();
    const connection = new ProviderConnection(signal);
    const budget = new Budget(
      { calls: 1, tokens: 1e6, costUsd: undefined, seconds: 60 },
      undefined,
      undefined,
    );
    const caller = new ModelCaller({
      llm,
      model: await createChatModel(llm, connection.fetch),
      connection,
      budget,
      signal,
      onWait: (text) => Promise.reject(new Error(text)),
    });
    const reply = await caller.ask(
      [new SystemMessage('Rules'), ...opening('Do it', 'list_files', 'app/main.py 12')],
      [TOOL],
      force,
    );
    const requests = requestsOf(reply).map(({ name, args }) => ({ name, args }));
    return { received, requests, usage: budget.usage() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const READS_MAIN = [{ name: 'read_file', args: { value: { path: 'app/main.py' } } }];

describe('createChatModel', () => {
  it('speaks to OpenAI and what is compatible', async () => {
    const call = { name: 'read_file', arguments: '{"path":"app/main.py"}' };
    const { received, requests, usage } = await ask(
      'openai',
      {
        choices: [
          {
            index: 0,
            finish_reason: 'tool_calls',
            message: {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: '1', type: 'function', function: call }],
            },
          },
        ],
        usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
      },
      '/v1',
      'read_file',
    );

    expect(received?.path).toBe('/v1/chat/completions');
    expect(received?.headers.authorization).toBe('Bearer the-key');
    expect(received?.body).toMatchObject({
      model: 'some-model',
      tools: [{ type: 'function', function: TOOL }],
      tool_choice: { type: 'function', function: { name: 'read_file' } },
      messages: [
        { role: 'system', content: 'Rules' },
        { role: 'user', content: 'Do it' },
        { role: 'assistant', tool_calls: [{ function: { name: 'list_files' } }] },
        { role: 'tool', content: 'app/main.py 12' },
      ],
    });
    expect(requests).toEqual(READS_MAIN);
    expect(usage).toMatchObject({ calls: 1, inputTokens: 20, outputTokens: 5, isEstimated: false });
  });

  it('speaks to Anthropic, with its cache', async () => {
    const { received, requests, usage } = await ask(
      'anthropic',
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'some-model',
        stop_reason: 'tool_use',
        content: [{ type: 'tool_use', id: '1', name: 'read_file', input: { path: 'app/main.py' } }],
        usage: { input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 12 },
      },
      '',
      'read_file',
    );

    expect(received?.path).toBe('/v1/messages');
    expect(received?.headers['x-api-key']).toBe('the-key');
    expect(received?.headers.authorization).toBeUndefined();
    expect(received?.body).toMatchObject({
      model: 'some-model',
      tools: [{ name: 'read_file', input_schema: TOOL.parameters }],
      tool_choice: { type: 'tool', name: 'read_file' },
      cache_control: { type: 'ephemeral' },
      system: 'Rules',
      messages: [
        { role: 'user', content: 'Do it' },
        { role: 'assistant', content: [{ type: 'tool_use', name: 'list_files' }] },
        { role: 'user', content: [{ type: 'tool_result', content: 'app/main.py 12' }] },
      ],
    });
    expect(requests).toEqual(READS_MAIN);
    expect(usage).toMatchObject({ inputTokens: 32, outputTokens: 5, cachedTokens: 12 });
  });

  it('speaks to Ollama, with room for the context', async () => {
    const call = { name: 'read_file', arguments: { path: 'app/main.py' } };
    const { received, requests, usage } = await ask('ollama', {
      model: 'some-model',
      message: { role: 'assistant', content: '', tool_calls: [{ function: call }] },
      done: true,
      prompt_eval_count: 20,
      eval_count: 5,
    });

    expect(received?.path).toBe('/api/chat');
    expect(received?.headers.authorization).toBe('Bearer the-key');
    expect(received?.body).toMatchObject({
      model: 'some-model',
      options: { num_ctx: 32_768 },
      tools: [{ type: 'function', function: TOOL }],
      messages: [
        { role: 'system', content: 'Rules' },
        { role: 'user', content: 'Do it' },
        { role: 'assistant', tool_calls: [{ function: { name: 'list_files' } }] },
        { role: 'tool', content: 'app/main.py 12' },
      ],
    });
    expect(requests).toEqual(READS_MAIN);
    expect(usage).toMatchObject({ inputTokens: 20, outputTokens: 5 });
  });
});

describe('asToolAnswer', () => {
  it('names the call it answers', () => {
    const answer = asToolAnswer({ id: '7', name: '', args: { value: {} } }, 'text');
    expect(answer).toMatchObject({ tool_call_id: '7', name: 'unknown', content: 'text' });
  });
});
