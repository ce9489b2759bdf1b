import {
  escapeHtml,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatTime,
  toPieces,
} from './wording.js';

describe(escapeHtml.name, () => {
  it('escapes what ends a text or an attribute', () => {
    expect(escapeHtml(`<a href="x" b='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;',
    );
  });

  it('writes out what does not show or turns the direction', () => {
    expect(escapeHtml('a\u202Eb\u0000c\u200Bd\uD800e')).toBe('a\\u202eb\\u0000c\\u200bd\\ud800e');
  });

  it('keeps ends of lines, tabs and every script', () => {
    expect(escapeHtml('a\n\tגם 漢 😀')).toBe('a\n\tגם 漢 😀');
  });
});

describe('wording', () => {
  it('never shows a 0 for what is unknown', () => {
    expect([
      formatNumber(null),
      formatPercent(null),
      formatTime(null),
      formatTime('never'),
    ]).toEqual(['–', '–', '–', '–']);
  });

  it('reads well', () => {
    expect(formatNumber(12_345.67)).toBe('12,345.7');
    expect(formatPercent(99.99)).toBe('99.99 %');
    expect(formatTime('2026-11-23T10:00:04.250Z')).toBe('23 Nov 2026, 10:00 UTC');
    expect([formatDuration(12.4), formatDuration(4_250)]).toEqual(['12 ms', '4.3 s']);
    expect([formatCount(1, 'place'), formatCount(2_000, 'place')]).toEqual([
      '1 place',
      '2,000 places',
    ]);
  });
});

describe(toPieces.name, () => {
  it('finds code in backticks', () => {
    expect(toPieces('Use `a(b)` now')).toEqual([
      { text: 'Use ', isCode: false },
      { text: 'a(b)', isCode: true },
      { text: ' now', isCode: false },
    ]);
  });

  it.each(['', '`', 'a ` b', '``'])('loses nothing of %j', (text) => {
    expect(
      toPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});
