import { takeNoun } from './noun-phrases.js';
import { Cursor, sentencesOf } from './words.js';

function nounOf(text: string): string | undefined {
  const c = new Cursor(sentencesOf(text)[0] ?? []);
  return takeNoun(c)
    ?.map(({ word }) => word)
    .join(' ');
}

describe(takeNoun.name, () => {
  it('looks past a few determiners only, however many there are', () => {
    expect(nounOf('all the order items')).toBe('order items');
    expect(nounOf(`${'a '.repeat(8)}book`)).toBe('book');
    expect(nounOf(`${'a '.repeat(9)}book`)).toBeUndefined();
  });
});
