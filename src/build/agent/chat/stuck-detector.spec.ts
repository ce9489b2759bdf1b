import { StuckDetector } from './stuck-detector.js';

/** `a1`: call a with result 1. @returns how many calls were noted before it was stuck; `null`: it never was */
function stuckAfter(...calls: string[]): number | null {
  const detector = new StuckDetector();
  for (const [index, [name = '', result = '']] of calls.entries()) {
    try {
      detector.note({ id: `${index}`, name, args: { value: {} } }, result);
    } catch {
      return index + 1;
    }
  }
  return null;
}

describe(StuckDetector.name, () => {
  it.each([
    [['a1', 'a1', 'a1'], 3],
    [['b1', 'a1', 'a1', 'a1'], 4],
    [['a1', 'b1', 'a1', 'b1', 'a1', 'b1'], 6],
    [['a1', 'a1', 'b1', 'a1', 'a1'], null],
    [['a1', 'a2', 'a3', 'a4'], null],
    [['a1', 'b1', 'c1', 'a1', 'b1', 'c1', 'a1', 'b1', 'c1'], null],
    [['a1', 'b1', 'a1', 'b1', 'a1', 'b2'], null],
  ])('%j: %p', (calls, expected) => {
    expect(stuckAfter(...calls)).toBe(expected);
  });
});
