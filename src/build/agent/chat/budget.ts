import type { LlmConfig } from '../../../config/app-config.js';
import { BuildStopped } from '../build-stopped.js';
import { NO_USAGE, type Usage } from '../usage.js';

/** What one build may use; `undefined`: no limit. */
export interface BudgetLimits {
  calls: number;
  tokens: number;
  costUsd: number | undefined;
  seconds: number;
}

/** An answer's tokens. */
export interface AnswerCost {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  isEstimated: boolean;
}

/** Counts what a build uses, and ends it at the first limit. */
export class Budget {
  private used: Usage;
  private startedAt: number;

  /** @param now Milliseconds of a clock that never goes back. */
  constructor(
    private readonly limits: BudgetLimits,
    private readonly prices: LlmConfig['prices'],
    used: Usage | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.used = used ?? { ...NO_USAGE };
    this.startedAt = this.now() - this.used.elapsedMs;
  }

  usage(): Usage {
    return { ...this.used, elapsedMs: Math.round(this.now() - this.startedAt) };
  }

  count(answer: AnswerCost): void {
    this.used = {
      calls: this.used.calls + 1,
      inputTokens: this.used.inputTokens + answer.inputTokens,
      outputTokens: this.used.outputTokens + answer.outputTokens,
      cachedTokens: this.used.cachedTokens + answer.cachedTokens,
      isEstimated: this.used.isEstimated || answer.isEstimated,
      elapsedMs: this.used.elapsedMs,
    };
  }

  /** A wait that begins now and that no process of ours sees the end of. */
  countWait(ms: number): void {
    this.startedAt -= ms;
  }

  /** Milliseconds until the time is up. */
  remainingMs(): number {
    return this.limits.seconds * 1000 - (this.now() - this.startedAt);
  }

  /** @throws BuildStopped where nothing is left for another call */
  refuseWhenSpent(): void {
    const { calls, tokens, costUsd, seconds } = this.limits;
    const { inputTokens, outputTokens } = this.used;
    if (this.used.calls >= calls) {
      throw new BuildStopped('max_calls', `The limit of ${calls} model calls was reached`);
    }
    if (inputTokens + outputTokens >= tokens) {
      throw new BuildStopped('max_tokens', `The limit of ${tokens} tokens was reached`);
    }
    const cost = costOf(this.used, this.prices);
    if (costUsd !== undefined && cost !== null && cost >= costUsd) {
      throw new BuildStopped('max_cost_usd', `The limit of ${costUsd} dollars was reached`);
    }
    if (this.remainingMs() <= 0) {
      throw new BuildStopped('max_seconds', `The model's time of ${seconds} seconds is up`);
    }
  }
}

/**
 * In dollars; `null`: the prices aren't known. Cached tokens count at the full price, so that no limit is passed
 * where a provider gives no discount.
 */
export function costOf(usage: Usage, prices: LlmConfig['prices']): number | null {
  if (!prices) {
    return null;
  }
  const perMillion = usage.inputTokens * prices.inputUsd + usage.outputTokens * prices.outputUsd;
  return Math.round(perMillion) / 1e6;
}
