import { scanJson } from './json-scan.js';

const LIMITS = { depth: 3, members: 6 };

describe(scanJson.name, () => {
  it.each([
    ['an empty object', '{}'],
    ['the deepest that is allowed', '[[[1]]]'],
    ['as many members as are allowed', '[1,2,3,4,5,6]'],
    ['brackets, commas and quotes in a text', '{"a":"[[[[,,,,,,,,\\\\\\"]"}'],
    ['what is no JSON: that is for the parser to say', 'nonsense'],
  ])('passes %s', (_, text) => {
    expect(() => scanJson(Buffer.from(text), LIMITS)).not.toThrow();
  });

  it.each([
    ['one level too deep', '[[[[1]]]]', 'JSON may be nested 3 deep at most here'],
    ['one member too many', '[1,2,3,4,5,6,7]', 'JSON may have 6 members at most here'],
    ['members on all levels together', '[[1,2],[3,4],[5]]', 'JSON may have 6 members at most here'],
  ])('refuses %s', (_, text, detail) => {
    expect(() => scanJson(Buffer.from(text), LIMITS)).toThrow(
      expect.objectContaining({ code: 'bad_request', detail }),
    );
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => scanJson(Buffer.from([0x22, 0xff, 0x22]), LIMITS)).toThrow('not valid UTF-8');
  });
});
