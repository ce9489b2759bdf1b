import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { renderBadge, renderScoreBadge, scoreColor } from './badge.js';

describe(renderBadge.name, () => {
  it('is as wide as its texts', () => {
    const short = sizeOf(renderBadge('a', 'b', '#000'));
    const long = sizeOf(renderBadge('WWWW', 'b', '#000'));
    expect(short).toEqual({ width: 38, texts: [7, 7] });
    expect(long).toEqual({ width: 75, texts: [44, 7] });
  });

  it('tells screen readers what it shows', () => {
    const svg = renderBadge('code quality', '7.3 / 10', '#1a7f37');
    expect(svg).toContain('role="img" aria-label="code quality: 7.3 / 10"');
    expect(svg).toContain('<title>code quality: 7.3 / 10</title>');
  });

  it.each([
    '</text><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '\u0000\uD800&amp;',
    "'",
    '',
  ])('keeps %j as text', (text) => {
    const svg = renderBadge(text, text, text);
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toMatch(/<(script|img)|[\p{Cc}\p{Surrogate}]/u);
  });

  it('cuts a text without end', () => {
    expect(sizeOf(renderBadge('W'.repeat(10_000), 'b', '#000')).width).toBeLessThan(750);
  });
});

describe(renderScoreBadge.name, () => {
  it('shows the score with one digit', () => {
    expect(renderScoreBadge(8)).toContain('>8.0 / 10</text>');
  });

  it('says unknown where there is no score', () => {
    expect(renderScoreBadge(null)).toContain('<title>code quality: unknown</title>');
  });
});

describe(scoreColor.name, () => {
  it('changes at the borders of the ratings', () => {
    const scores = [null, 0, 1.9, 2, 3.9, 4, 5.9, 6, 7.9, 8, 10];
    const names = [...new Set(scores.map(scoreColor))];
    expect(scores.map((score) => names.indexOf(scoreColor(score)))).toEqual([
      0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]);
  });

  it.each([null, 0, 2, 4, 6, 8])('leaves white text readable at %s', (score) => {
    expect(1.05 / (luminanceOf(scoreColor(score)) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });
});

function sizeOf(svg: string): { width: number; texts: number[] } {
  const parser = new XMLParser({ ignoreAttributes: false, parseAttributeValue: true });
  const { svg: root } = parser.parse(svg) as {
    svg: { '@_width': number; g: { text?: { '@_textLength': number }[] }[] };
  };
  const texts = root.g.flatMap(({ text = [] }) => text.map((item) => item['@_textLength']));
  return { width: root['@_width'], texts };
}

/** As WCAG 2.2 defines it. */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
