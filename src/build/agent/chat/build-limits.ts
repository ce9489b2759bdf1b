import { z } from 'zod';
import type { LlmConfig } from '../../../config/app-config.js';
import { TaskFailed } from '../../../tasks/task-processor.js';
import type { BudgetLimits } from './budget.js';

/** Left of a build's running time for the checks and for packing up what there is. */
const RESERVED_SHARE = 0.1;

const amount = z.number().nonnegative().optional().catch(undefined);
const parametersSchema = z.object({
  max_calls: amount,
  max_tokens: amount,
  max_cost_usd: amount,
  max_seconds: amount,
  max_attempts: amount,
});

/** What a build may ask for to be limited further. */
export const LIMIT_PARAMETERS: readonly string[] = Object.keys(parametersSchema.shape);

/**
 * The server's limits, lowered by what the build's parameters ask for; they never raise one.
 * @throws TaskFailed for a limit that can't be kept
 */
export function limitsOf(
  parameters: Record<string, unknown>,
  { limits: server, prices }: Pick<LlmConfig, 'limits' | 'prices'>,
  buildTimeoutMs: number,
): BudgetLimits & { attempts: number } {
  const asked = parametersSchema.parse(parameters);
  if (asked.max_cost_usd !== undefined && !prices) {
    throw new TaskFailed(
      "max_cost_usd can't be kept: this server doesn't know the model's prices (LLM_PRICE_INPUT, LLM_PRICE_OUTPUT)",
    );
  }
  return {
    calls: Math.min(server.calls, asked.max_calls ?? Infinity),
    tokens: Math.min(server.tokens, asked.max_tokens ?? Infinity),
    costUsd: lower(server.costUsd, asked.max_cost_usd),
    seconds: Math.min(
      (buildTimeoutMs / 1000) * (1 - RESERVED_SHARE),
      asked.max_seconds ?? Infinity,
    ),
    attempts: Math.min(server.attempts, asked.max_attempts ?? Infinity),
  };
}

function lower(limit: number | undefined, asked: number | undefined): number | undefined {
  return limit === undefined || asked === undefined ? (limit ?? asked) : Math.min(limit, asked);
}
