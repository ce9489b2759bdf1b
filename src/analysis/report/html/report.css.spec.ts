import { readFileSync } from 'node:fs';

const css = readFileSync(new URL('templates/report.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');

/** Text colour -> what it stands on. */
const PAIRS = [
  ...['text', 'muted', 'link'].flatMap((name) =>
    ['page', 'surface', 'code'].map((on) => [name, on] as const),
  ),
  ...['critical', 'high', 'medium', 'low', 'good', 'bad', 'none'].map(
    (name) => [name, `${name}-bg`] as const,
  ),
  ...['good-bg', 'bad-bg', 'none-bg', 'hit'].map((on) => ['text', on] as const),
  ['muted', 'hit'],
  ['mark-text', 'mark'],
] as const;

describe.each([
  ['light', light],
  ['dark', dark.slice(0, dark.indexOf('* {'))],
])('the colours of the %s report', (_, block) => {
  const colors = new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', color = '']) => [
      name,
      color,
    ]),
  );

  it.each(PAIRS)('have a contrast of 4.5 of %s on %s', (text, on) => {
    expect(contrast(colors.get(text), colors.get(on))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['a', 'b', 'c', 'd', 'e', 'accent'])(
    'have a contrast of 3 of %s on the surface',
    (name) => {
      expect(contrast(colors.get(name), colors.get('surface'))).toBeGreaterThanOrEqual(3);
    },
  );
});

it('loads nothing', () => {
  expect(css).not.toMatch(/@import|url\(|https?:/);
});

function contrast(a = '', b = ''): number {
  const [dark = NaN, light = NaN] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** As WCAG 2.2 defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
