import type { Editor } from '../code-model.js';
import { editingRange, verifyingRange } from './progress-ranges.js';

function editor(maxRepairs: number): Editor {
  return {
    maxRepairs,
    begin: () => {
      throw new Error('not here');
    },
  };
}

describe('progress ranges', () => {
  it.each([0, 1, 3, 20])('follow one another through %i repairs', (maxRepairs) => {
    const model = editor(maxRepairs);
    const ranges = Array.from({ length: maxRepairs + 1 }, (_, repair) => [
      editingRange(model, repair),
      verifyingRange(model, repair),
    ]).flat();

    expect(ranges[0]?.from).toBe(25);
    for (const [index, range] of ranges.entries()) {
      expect(range.to).toBeGreaterThan(range.from);
      expect(range.from).toBeCloseTo(ranges[index - 1]?.to ?? 25);
    }
    expect(ranges.at(-1)?.to).toBeCloseTo(95);
  });

  it('give all to the checks where nobody edits', () => {
    expect(verifyingRange(null, 0)).toEqual({ from: 30, to: 95 });
  });
});
