/** What one build used of a language model, over all the processes that worked on it. */
export interface Usage {
  /** Answers. */
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Of `inputTokens`: those the provider had in its cache. */
  cachedTokens: number;
  /** Some answers came without numbers: their tokens are estimated from their length. */
  isEstimated: boolean;
  /** Time at work, waiting for the provider included. */
  elapsedMs: number;
}

export const NO_USAGE: Readonly<Usage> = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  isEstimated: false,
  elapsedMs: 0,
};
