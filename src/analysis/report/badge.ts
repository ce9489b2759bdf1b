import { readFileSync } from 'node:fs';
import { Eta } from 'eta';
import { textWidth } from './text-width.js';

/** From A to E on the borders 8, 6, 4 and 2 of the score, and for "unknown"; white on each has a contrast of 4.5 and more. */
const COLORS = {
  excellent: '#1a7f37',
  good: '#4c7a0d',
  fair: '#8f6200',
  poor: '#b54708',
  bad: '#c02431',
  unknown: '#59636e',
} as const;

const FONT_SIZE = 11;
/** On each side of a text. */
const PADDING = 6;
/** Of a text; a longer one ends in an ellipsis. */
const MAX_LENGTH = 60;

const eta = new Eta({ autoEscape: true, autoTrim: false });
const template = eta.compile(
  readFileSync(new URL('templates/badge.svg.eta', import.meta.url), 'utf8').trim(),
);

/** An SVG of 20 pixels' height, that reads the same to eyes and screen readers: `label: value`. */
export function renderBadge(label: string, value: string, color: string): string {
  const left = partOf(label, 0);
  const right = partOf(value, left.width);
  return eta.render(template, {
    left,
    right,
    width: left.width + right.width,
    title: `${left.text}: ${right.text}`,
    color: /^#[0-9a-f]{3,8}$/i.test(color) ? color : COLORS.unknown,
  });
}

/** The badge of a project: its score from 0 to 10; `null`: unknown. */
export function renderScoreBadge(score: number | null, label = 'code quality'): string {
  const value = score === null ? 'unknown' : `${score.toFixed(1)} / 10`;
  return renderBadge(label, value, scoreColor(score));
}

/** By the rating that the score falls into. */
export function scoreColor(score: number | null): string {
  if (score === null || Number.isNaN(score)) {
    return COLORS.unknown;
  }
  if (score >= 8) {
    return COLORS.excellent;
  }
  if (score >= 6) {
    return COLORS.good;
  }
  if (score >= 4) {
    return COLORS.fair;
  }
  return score >= 2 ? COLORS.poor : COLORS.bad;
}

function partOf(text: string, start: number) {
  // Control characters are not allowed in XML, in no spelling; half a surrogate pair neither.
  const clean = text.replace(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]+/gu, ' ').trim();
  const characters = [...clean];
  const shown =
    characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : clean;
  const length = Math.max(1, Math.round(textWidth(shown, FONT_SIZE)));
  const width = length + 2 * PADDING;
  // With its length given, the text fits also where another font has to stand in.
  return { text: shown, length, width, center: start + width / 2 };
}
