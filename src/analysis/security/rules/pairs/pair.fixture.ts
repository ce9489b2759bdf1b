import type { SecurityFinding } from '../../analyze-security.js';

/** The same small program twice: once with a flaw that its rule must find, once put right, where no rule may speak up. */
export interface Pair {
  readonly rule: string;
  readonly name: string;
  readonly flawed: string;
  readonly corrected: string;
  /** Set for rules whose findings are of low confidence. */
  readonly isLow?: true;
}

export type Analyse = (text: string) => readonly SecurityFinding[];

/** Checks each pair by a test of its own. */
export function describePairs(language: string, pairs: readonly Pair[], analyse: Analyse): void {
  const loud = (text: string, pair: Pair): string[] =>
    analyse(text)
      .filter(({ confidence }) => pair.isLow ?? confidence !== 'low')
      .map(({ ruleId }) => ruleId);
  describe(`${language} pairs`, () => {
    it.each(pairs.map((pair) => [`${pair.rule}: ${pair.name}`, pair] as const))('%s', (_, pair) => {
      expect(loud(pair.flawed, pair)).toContain(pair.rule);
      expect(loud(pair.corrected, pair)).toEqual([]);
    });
  });
}
