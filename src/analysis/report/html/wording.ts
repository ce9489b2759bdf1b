const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** Shown where something is not known; never a 0. */
export const UNKNOWN = '–';

export function formatNumber(value: number | null): string {
  return value === null || Number.isNaN(value) ? UNKNOWN : NUMBER.format(value);
}

export function formatPercent(value: number | null): string {
  return value === null || Number.isNaN(value) ? UNKNOWN : `${PERCENT.format(value)} %`;
}

/** `2 places`, `1 place`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

export function formatTime(iso: string | null): string {
  const time = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? UNKNOWN : `${TIME.format(time)} UTC`;
}

export function formatDuration(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${Math.round(milliseconds)} ms`
    : `${NUMBER.format(milliseconds / 1_000)} s`;
}

/** A text of ours with code in backticks, in pieces. */
export function toPieces(text: string): { text: string; isCode: boolean }[] {
  const pieces = text.split(/`([^`\n]+)`/);
  return pieces
    .map((piece, index) => ({ text: piece, isCode: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text as HTML shows it as it is, between tags and in quoted attributes.
 *
 * Characters that don't show or turn the direction of what follows (CVE-2021-42574) are written out: a reader of the report must
 * not see other code than what runs.
 */
export function escapeHtml(value: unknown): string {
  return String(value)
    .replace(
      /(?![\n\t])[\p{Cc}\p{Surrogate}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
