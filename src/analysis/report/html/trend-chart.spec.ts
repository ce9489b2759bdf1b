import type { TrendPoint } from './report-input.js';
import { issuesChart, scoreChart } from './trend-chart.js';

describe(scoreChart.name, () => {
  it('draws scores on a scale from 0 to 10, the newest marked', () => {
    const chart = scoreChart(points([0, 5, 10]));
    expect(chart?.dots.map(({ x, y, isLast }) => [x, y, isLast])).toEqual([
      [36, 116, false],
      [252, 64, false],
      [468, 12, true],
    ]);
    expect(chart?.lines).toEqual(['36,116 252,64 468,12']);
    expect(chart?.ticks.map(({ label }) => label)).toEqual(['0', '5', '10']);
    expect(chart?.summary).toBe('Score over 3 analyses, from 0 to 10');
  });

  it('leaves a gap where there is no score', () => {
    const chart = scoreChart(points([1, 2, null, 3, 4]));
    expect(chart?.lines).toHaveLength(2);
    expect(chart?.dots).toHaveLength(4);
  });

  it('shows the newest forty', () => {
    const chart = scoreChart(points(Array.from({ length: 100 }, (_, index) => index / 10)));
    expect(chart?.dots).toHaveLength(40);
    expect(chart?.dots.at(-1)?.label).toContain(': 9.9');
  });

  it.each([[[]], [[5]], [[null, 5, null]]])('draws no line through %j', (scores) => {
    expect(scoreChart(points(scores))).toBeNull();
  });
});

describe(issuesChart.name, () => {
  it.each([
    [0, '2'],
    [1, '2'],
    [7, '8'],
    [88, '100'],
    [101, '200'],
    [12_345, '20,000'],
  ])('has room for %d', (issues, top) => {
    const chart = issuesChart(points([null, null], [0, issues]));
    expect(chart?.ticks.at(-1)?.label).toBe(top);
    expect(chart?.dots.every(({ y }) => y >= 12 && y <= 116)).toBe(true);
  });
});

function points(scores: (number | null)[], issues: (number | null)[] = []): TrendPoint[] {
  return scores.map((score, index) => ({
    analysis_id: String(index),
    at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
    score,
    open_issues: issues[index] ?? null,
  }));
}
