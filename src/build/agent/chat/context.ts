import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { sizeOf } from './messages.js';

/** The latest messages stay whole as long as possible: they are what the model works on. */
const RECENT = 6;
const KEPT = 200;
const MARK = '[cut: ask again if you need it]';

/**
 * A conversation of at most `maxCharacters`: the oldest answers of tools are cut first, then what the model wrote
 * into files long ago, then the recent ones.
 *
 * Cut back to two thirds, so that the beginning then stays the same for a while: providers cache it.
 * @returns The same array where it fits, or where nothing more can be cut.
 */
export function fitted(messages: BaseMessage[], maxCharacters: number): BaseMessage[] {
  if (sizeOf(messages) <= maxCharacters) {
    return messages;
  }
  const target = (maxCharacters * 2) / 3;
  const result = [...messages];
  let size = sizeOf(result);
  for (const end of [messages.length - RECENT, messages.length]) {
    for (let index = 1; index < end && size > target; index += 1) {
      const message = result[index];
      const shorter = message && shortened(message);
      if (shorter) {
        size += sizeOf([shorter]) - sizeOf([message]);
        result[index] = shorter;
      }
    }
  }
  return size < sizeOf(messages) ? result : messages;
}

/** `null`: can't be shorter. The person's own words are never cut. */
function shortened(message: BaseMessage): BaseMessage | null {
  if (ToolMessage.isInstance(message) && message.text.length > KEPT + MARK.length) {
    return new ToolMessage({
      content: `${message.text.slice(0, KEPT)}\n${MARK}`,
      tool_call_id: message.tool_call_id,
      ...(message.name !== undefined && { name: message.name }),
    });
  }
  if (AIMessage.isInstance(message) && sizeOf([message]) > 2 * KEPT) {
    const shorter = new AIMessage({
      content: message.text.slice(0, KEPT),
      tool_calls: (message.tool_calls ?? []).map((call) => ({
        ...call,
        args: Object.fromEntries(
          Object.entries(call.args as Record<string, unknown>).map(([name, value]) => [
            name,
            typeof value === 'string' && value.length > KEPT ? MARK : value,
          ]),
        ),
      })),
    });
    return sizeOf([shorter]) < sizeOf([message]) ? shorter : null;
  }
  return null;
}
