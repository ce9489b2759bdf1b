import type { TrendPoint } from './report-input.js';
import { formatNumber, formatTime } from './wording.js';

/** The newest; more would be a carpet. */
const MAX_POINTS = 40;
const WIDTH = 480;
const HEIGHT = 140;
const LEFT = 36;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 24;

/** A line over time, in units of its own view box. */
export interface LineChart {
  title: string;
  width: number;
  height: number;
  left: number;
  right: number;
  /** One for each stretch without a gap: points as SVG has them. */
  lines: string[];
  dots: { x: number; y: number; label: string; isLast: boolean }[];
  ticks: { y: number; label: string }[];
  /** The newest value, for readers who don't see the line. */
  summary: string;
}

export function scoreChart(points: readonly TrendPoint[]): LineChart | null {
  return chartOf('Score', points, ({ score }) => score, 10);
}

export function issuesChart(points: readonly TrendPoint[]): LineChart | null {
  return chartOf('Open issues', points, (point) => point.open_issues, null);
}

/** `null`: fewer than two known values, which make no line. */
function chartOf(
  title: string,
  all: readonly TrendPoint[],
  valueOf: (point: TrendPoint) => number | null,
  fixedTop: number | null,
): LineChart | null {
  const points = all.slice(-MAX_POINTS);
  const values = points.map(valueOf);
  const known = values.filter((value) => value !== null);
  if (known.length < 2) {
    return null;
  }
  const top = fixedTop ?? roundedUp(Math.max(...known));
  const xOf = (index: number) =>
    round(LEFT + (index * (WIDTH - LEFT - RIGHT)) / Math.max(1, points.length - 1));
  const yOf = (value: number) =>
    round(TOP + (1 - Math.min(1, Math.max(0, value / top))) * (HEIGHT - TOP - BOTTOM));
  const places = values.map((value, index) =>
    value === null ? null : { x: xOf(index), y: yOf(value), value, at: points[index]?.at ?? '' },
  );
  const last = places.findLast((place) => place !== null);
  return {
    title,
    width: WIDTH,
    height: HEIGHT,
    left: LEFT,
    right: WIDTH - RIGHT,
    lines: stretchesOf(places),
    dots: places
      .filter((place) => place !== null)
      .map((place) => ({
        x: place.x,
        y: place.y,
        label: `${formatTime(place.at)}: ${formatNumber(place.value)}`,
        isLast: place === last,
      })),
    ticks: [0, top / 2, top].map((value) => ({ y: yOf(value), label: formatNumber(value) })),
    summary: `${title} over ${known.length} analyses, from ${formatNumber(known[0] ?? null)} to ${formatNumber(last?.value ?? null)}`,
  };
}

/** An analysis without a value interrupts the line: it says nothing of what was between. */
function stretchesOf(places: readonly ({ x: number; y: number } | null)[]): string[] {
  const stretches: string[][] = [[]];
  for (const place of places) {
    if (place) {
      stretches.at(-1)?.push(`${place.x},${place.y}`);
    } else {
      stretches.push([]);
    }
  }
  return stretches.filter(({ length }) => length > 1).map((stretch) => stretch.join(' '));
}

/** To 1, 2 or 5 with zeros, and even, so that the middle is a whole number. */
function roundedUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const found = [1, 2, 4, 5, 6, 8, 10].find((step) => step * size >= value) ?? 10;
  return Math.max(2, found * size);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
