import { AIMessage, type AIMessageChunk } from '@langchain/core/messages';

/**
 * Puts a streamed answer together. Not by the library's own `invoke`, which then counts tokens with tables that it
 * fetches from the internet; nor by its reading of the calls, which makes whole arguments of broken ones.
 */
export async function wholeAnswer(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessage> {
  let sum: AIMessageChunk | undefined;
  for await (const chunk of chunks) {
    sum = sum === undefined ? chunk : sum.concat(chunk);
  }
  if (sum === undefined) {
    throw new Error('The model provider gave an empty answer');
  }
  const whole: NonNullable<AIMessage['tool_calls']> = [];
  const broken: NonNullable<AIMessage['invalid_tool_calls']> = [];
  for (const { id = '', name = '', args = '' } of sum.tool_call_chunks ?? []) {
    const parsed = parseObject(args);
    if ('value' in parsed) {
      whole.push({ id, name, args: parsed.value });
    } else {
      broken.push({ id, name, args, error: parsed.problem });
    }
  }
  return new AIMessage({
    content: sum.text,
    tool_calls: whole,
    invalid_tool_calls: broken,
    response_metadata: sum.response_metadata,
    ...(sum.usage_metadata && { usage_metadata: sum.usage_metadata }),
  });
}

/** A call without arguments is one with none. */
function parseObject(text: string): { value: Record<string, unknown> } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { value: { ...value } }
      : { problem: 'no object' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
