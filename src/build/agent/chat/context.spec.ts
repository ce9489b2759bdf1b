import { HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { fitted } from './context.js';
import { asHistory, asToolAnswer, sizeOf } from './messages.js';

const LONG = 'x'.repeat(10_000);

/** A conversation of so many long reads. */
function conversation(reads: number): BaseMessage[] {
  const turns = Array.from({ length: reads }, (_, index) => {
    const request = { id: `${index}`, name: 'read_file', args: { value: { path: `${index}` } } };
    return [asHistory('', [request]), asToolAnswer(request, LONG)];
  });
  return [new SystemMessage('rules'), new HumanMessage(`task ${LONG}`), ...turns.flat()];
}

describe(fitted, () => {
  it('leaves alone what fits', () => {
    const messages = conversation(3);
    expect(fitted(messages, 100_000)).toBe(messages);
  });

  it('cuts the oldest answers of tools, and never what a person said', () => {
    const messages = conversation(12);
    const result = fitted(messages, 100_000);

    expect(sizeOf(result)).toBeLessThan(70_000);
    expect(result).toHaveLength(messages.length);
    expect(result.slice(0, 2)).toEqual(messages.slice(0, 2));
    expect(result[3]?.text).toMatch(/^x{200}\n\[cut: ask again if you need it\]$/);
    expect(result.slice(-6)).toEqual(messages.slice(-6));
  });

  it('cuts what was written into files, as valid arguments', () => {
    const write = { id: '1', name: 'write_file', args: { value: { path: 'a', content: LONG } } };
    const messages = [...conversation(0), asHistory('', [write]), asToolAnswer(write, 'Created')];

    const [, , call] = fitted(messages, 15_000);

    expect(call).toMatchObject({
      tool_calls: [{ args: { path: 'a', content: '[cut: ask again if you need it]' } }],
    });
  });

  it('gives the same conversation where nothing can be cut', () => {
    const messages = conversation(0);
    expect(fitted(messages, 1000)).toBe(messages);
  });
});
