import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { LlmConfig } from '../../../../config/app-config.js';

const OPENAI_URL = 'https://api.openai.com/v1';
const ANTHROPIC_URL = 'https://api.anthropic.com';
const OLLAMA_URL = 'http://127.0.0.1:11434';

/** Own waiting and retrying, see ModelCaller; a limit of the libraries' own would end long answers too early. */
const SHARED = { maxRetries: 0 };
const TIMEOUT_MS = 10 * 60_000;

/** Stands where a server asks for no key. Without it the libraries would send one that they find in the environment. */
const NO_KEY = 'none';

/**
 * LangChain's model of the configured provider. Only its package is loaded.
 *
 * @param fetch Makes every request.
 */
export async function createChatModel(
  llm: LlmConfig,
  fetch: typeof globalThis.fetch,
): Promise<BaseChatModel> {
  const { model, baseUrl, apiKey = NO_KEY } = llm;
  switch (llm.provider) {
    case 'openai': {
      const { ChatOpenAI } = await import('@langchain/openai');
      return new ChatOpenAI({
        ...SHARED,
        model,
        apiKey,
        timeout: TIMEOUT_MS,
        configuration: {
          baseURL: baseUrl ?? OPENAI_URL,
          fetch,
          organization: null,
          project: null,
        },
      });
    }
    case 'anthropic': {
      const { ChatAnthropic } = await import('@langchain/anthropic');
      return new ChatAnthropic({
        ...SHARED,
        model,
        apiKey,
        anthropicApiUrl: baseUrl ?? ANTHROPIC_URL,
        clientOptions: { fetch, authToken: null, timeout: TIMEOUT_MS },
      });
    }
    case 'ollama': {
      const { ChatOllama } = await import('@langchain/ollama');
      return new ChatOllama({
        ...SHARED,
        model,
        baseUrl: baseUrl ?? OLLAMA_URL,
        fetch,
        // Its own default is a few thousand tokens, and what is beyond them is dropped without a word.
        numCtx: llm.contextTokens,
        ...(llm.apiKey !== undefined && { headers: { authorization: `Bearer ${llm.apiKey}` } }),
      });
    }
  }
}

/** What a request takes besides messages and tools, for the provider's cache of what was sent before. */
export function cacheOptions(llm: LlmConfig): Record<string, unknown> {
  return llm.provider === 'anthropic' ? { cache_control: { type: 'ephemeral' } } : {};
}
