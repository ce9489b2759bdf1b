import { randomUUID } from 'node:crypto';
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from '@langchain/core/messages';
import type { StoredMessage, ToolRequest } from '../code-model.js';
import type { AnswerCost } from './budget.js';

/** Roughly, for providers that don't tell, and for what fits. */
export const CHARACTERS_PER_TOKEN = 3;

/** What an answer asks for, in its order; calls whose arguments are no JSON come last. */
export function requestsOf(answer: AIMessage): ToolRequest[] {
  return [
    ...(answer.tool_calls ?? []).map((call) => ({
      id: call.id ?? randomUUID(),
      name: call.name,
      args: { value: call.args as Record<string, unknown> },
    })),
    ...(answer.invalid_tool_calls ?? []).map((call) => ({
      id: call.id ?? randomUUID(),
      name: call.name ?? '',
      args: { malformed: firstLine(call.error) },
    })),
  ];
}

/**
 * The answer as it stays in the conversation: text and calls, nothing of the provider's own, and with every call
 * that gets an answer. (The libraries drop malformed calls when they send a message again, and the provider then
 * refuses the answers to them.)
 */
export function asHistory(text: string, requests: readonly ToolRequest[]): AIMessage {
  return new AIMessage({
    // Some providers refuse a message with nothing in it.
    content: text || (requests.length > 0 ? '' : '(nothing)'),
    tool_calls: requests.map(({ id, name, args }) => ({
      id,
      name: name || 'unknown',
      args: 'value' in args ? args.value : {},
      type: 'tool_call',
    })),
  });
}

export function asToolAnswer({ id, name }: ToolRequest, text: string): ToolMessage {
  return new ToolMessage({ content: text, tool_call_id: id, name: name || 'unknown' });
}

/**
 * A user's message, and what one tool says about the workspace: the only way in which its text gets into a
 * conversation.
 */
export function opening(instruction: string, tool: string, data: string): BaseMessage[] {
  const request: ToolRequest = { id: `call_${tool}`, name: tool, args: { value: {} } };
  return [new HumanMessage(instruction), asHistory('', [request]), asToolAnswer(request, data)];
}

/** A message of a conversation as plain data. */
export function toStored(message: BaseMessage): StoredMessage {
  const { text } = message;
  if (AIMessage.isInstance(message)) {
    const calls = (message.tool_calls ?? []).map(({ id = '', name, args }) => ({
      id,
      name,
      args: args as Record<string, unknown>,
    }));
    return { role: 'assistant', text, calls };
  }
  if (ToolMessage.isInstance(message)) {
    const { tool_call_id: id, name = 'unknown' } = message;
    return { role: 'tool', text, answers: { id, name } };
  }
  return { role: SystemMessage.isInstance(message) ? 'system' : 'user', text };
}

/** What `toStored` took. */
export function fromStored({ role, text, calls = [], answers }: StoredMessage): BaseMessage {
  switch (role) {
    case 'system':
      return new SystemMessage(text);
    case 'user':
      return new HumanMessage(text);
    case 'assistant':
      return asHistory(
        text,
        calls.map(({ id, name, args }) => ({ id, name, args: { value: args } })),
      );
    case 'tool':
      return asToolAnswer(
        { id: answers?.id ?? '', name: answers?.name ?? '', args: { value: {} } },
        text,
      );
  }
}

/** Whether the answer ended at the model's own limit of output. */
export function wasCutOff(answer: AIMessage): boolean {
  const { finish_reason, stop_reason, done_reason } = answer.response_metadata as Record<
    string,
    unknown
  >;
  return finish_reason === 'length' || stop_reason === 'max_tokens' || done_reason === 'length';
}

export function answerCost(answer: AIMessage, messages: readonly BaseMessage[]): AnswerCost {
  const usage = answer.usage_metadata;
  if (usage && usage.input_tokens > 0) {
    return {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens ?? 0,
      cachedTokens: usage.input_token_details?.cache_read ?? 0,
      isEstimated: false,
    };
  }
  return {
    inputTokens: Math.ceil(sizeOf(messages) / CHARACTERS_PER_TOKEN),
    outputTokens: Math.ceil(sizeOf([answer]) / CHARACTERS_PER_TOKEN),
    cachedTokens: 0,
    isEstimated: true,
  };
}

/** Characters of a conversation. */
export function sizeOf(messages: readonly BaseMessage[]): number {
  return messages.reduce(
    (sum, message) =>
      sum +
      message.text.length +
      (AIMessage.isInstance(message) ? JSON.stringify(message.tool_calls ?? []).length : 0),
    0,
  );
}

function firstLine(text: string | undefined): string {
  return text?.split('\n')[0] ?? 'it could not be read';
}
