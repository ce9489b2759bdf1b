import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessage, BaseMessage } from '@langchain/core/messages';
import type { LlmConfig } from '../../../../config/app-config.js';
import { BuildParked } from '../../build-parked.js';
import { BuildStopped } from '../../build-stopped.js';
import type { ToolDefinition, WaitedFor } from '../../code-model.js';
import type { Budget } from '../budget.js';
import { cacheOptions } from './chat-model.js';
import { answerCost } from '../messages.js';
import type { ProviderConnection } from './provider-connection.js';
import { wholeAnswer } from './streamed-answer.js';
import { troubleOf, type Trouble } from './provider-trouble.js';

/** How long one call may be kept waiting, all its waits together. */
const MAX_WAITED_MS = 5 * 60_000;
/** A longer wait gives the worker back. */
const MAX_HELD_MS = 5_000;
/** Tries without a word from the provider about when to come back. */
const MAX_BLIND_TRIES = 6;
const MAX_CONNECTION_TRIES = 4;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

/** The request doesn't fit into the model's context: sending it again would give the same answer. */
export class ContextOverflow extends BuildStopped {
  override name = 'ContextOverflow';

  constructor(options?: ErrorOptions) {
    super(
      'context_overflow',
      "The work doesn't fit into the model's context: use a model that reads more",
      options,
    );
  }
}

export interface CallerOptions {
  llm: LlmConfig;
  model: BaseChatModel;
  connection: ProviderConnection;
  budget: Budget;
  signal: AbortSignal;
  /** How long the call that comes first was waited for already. */
  waited?: WaitedFor | undefined;
  onWait: (text: string) => Promise<void>;
}

/** One build's calls of its model: counted, bounded, and patient with a provider in trouble. */
export class ModelCaller {
  private patience: Patience;

  constructor(private readonly options: CallerOptions) {
    this.patience = new Patience(options.waited);
  }

  /**
   * @param force The tool that has to be used.
   * @throws ContextOverflow, BuildStopped, BuildParked, and the signal's reason when aborted
   */
  async ask(
    messages: BaseMessage[],
    tools: readonly ToolDefinition[],
    force?: string,
  ): Promise<AIMessage> {
    const { budget, signal, model, llm, connection } = this.options;
    for (;;) {
      signal.throwIfAborted();
      budget.refuseWhenSpent();
      connection.limitTo(budget.remainingMs());
      try {
        const bound = withTools(model, tools, {
          ...cacheOptions(llm),
          ...(force !== undefined && { tool_choice: force }),
        });
        const answer = llm.isStreaming
          ? await wholeAnswer(await bound.stream(messages))
          : await bound.invoke(messages);
        budget.count(answerCost(answer, messages));
        this.patience = new Patience();
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        await this.waitOrThrow(error);
      }
    }
  }

  private async waitOrThrow(error: unknown): Promise<void> {
    const { connection, signal, onWait, llm, budget } = this.options;
    const trouble = troubleOf(connection.takeRefusal(), error, llm.apiKey);
    if (trouble.kind === 'stop') {
      throw trouble.stopped;
    }
    if (trouble.kind === 'overflow') {
      throw new ContextOverflow({ cause: error });
    }
    // A request that was cut short by the build's own time is no trouble of the provider.
    budget.refuseWhenSpent();
    const waitMs = this.patience.next(trouble);
    if (waitMs === null || waitMs >= budget.remainingMs()) {
      throw new BuildStopped('provider_unavailable', `${trouble.text}, too long to go on`, {
        cause: error,
      });
    }
    const text = `${trouble.text}: going on in ${Math.ceil(waitMs / 1000)} s`;
    if (waitMs > MAX_HELD_MS) {
      budget.countWait(waitMs);
      throw new BuildParked(text, waitMs, this.patience.waited(), { cause: error });
    }
    await onWait(text);
    await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** How long one call waits, try after try. */
class Patience {
  private tries: number;
  private waitedMs: number;

  constructor({ tries, waitedMs }: WaitedFor = { tries: 0, waitedMs: 0 }) {
    this.tries = tries;
    this.waitedMs = waitedMs;
  }

  waited(): WaitedFor {
    return { tries: this.tries, waitedMs: this.waitedMs };
  }

  /** `null`: long enough. */
  next({ afterMs, isConnection }: Extract<Trouble, { kind: 'wait' }>): number | null {
    this.tries += 1;
    const maxTries = isConnection ? MAX_CONNECTION_TRIES : MAX_BLIND_TRIES;
    if (afterMs === undefined && this.tries >= maxTries) {
      return null;
    }
    // A provider that says 0 again and again must not be asked in a tight loop.
    const waitMs = Math.max(
      afterMs ?? Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** this.tries * (0.5 + Math.random() / 2)),
      FIRST_WAIT_MS / 2,
    );
    this.waitedMs += waitMs;
    return this.waitedMs > MAX_WAITED_MS ? null : waitMs;
  }
}

function withTools(
  model: BaseChatModel,
  tools: readonly ToolDefinition[],
  options: Record<string, unknown>,
) {
  if (!model.bindTools) {
    throw new Error('This model of LangChain takes no tools');
  }
  return model.bindTools(
    tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })),
    options,
  );
}
