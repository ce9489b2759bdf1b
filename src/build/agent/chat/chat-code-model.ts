import type { AppConfig, LlmConfig } from '../../../config/app-config.js';
import { CodeModel, type CodeSession, type Goal, type SessionOptions } from '../code-model.js';
import { Budget } from './budget.js';
import { limitsOf } from './build-limits.js';
import { createChatModel } from './provider/chat-model.js';
import { ChatSession } from './chat-session.js';
import { ModelCaller } from './provider/model-caller.js';
import { ProviderConnection } from './provider/provider-connection.js';

/** A language model that plans, writes through tools and repairs what its checks find. */
export class ChatCodeModel extends CodeModel {
  readonly engine: string;
  readonly trust = 'untrusted';

  constructor(
    private readonly llm: LlmConfig,
    private readonly config: AppConfig,
  ) {
    super();
    this.engine = `${llm.provider}:${llm.model}`;
  }

  override async begin(goal: Goal, options: SessionOptions): Promise<CodeSession> {
    const { llm } = this;
    const limits = limitsOf(goal.parameters, llm, this.config.work.buildTimeoutMs);
    const budget = new Budget(limits, llm.prices, options.usage);
    // A connection a build: it ends with the build, whatever the provider's library makes of a signal.
    const connection = new ProviderConnection(options.signal);
    const caller = new ModelCaller({
      llm,
      model: await createChatModel(llm, connection.fetch),
      connection,
      budget,
      signal: options.signal,
      waited: options.waited,
      onWait: options.onWait,
    });
    return new ChatSession(goal, caller, budget, limits.attempts, llm.contextTokens);
  }
}
