import { HumanMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { Editing, SuspendedEditing, Toolbox } from '../code-model.js';
import { fitted } from './context.js';
import { asHistory, asToolAnswer, requestsOf, sizeOf, toStored, wasCutOff } from './messages.js';
import { ContextOverflow, type ModelCaller } from './provider/model-caller.js';
import { storable } from '../storable.js';
import { StuckDetector } from './stuck-detector.js';

const CUT_OFF = 'Your answer was too long and got cut off. Go on, in smaller steps.';

/** A model at work with tools: it asks, the tools answer, until it asks for nothing more. */
export class Conversation implements Editing {
  /** @param maxCharacters What the model reads at once. */
  constructor(
    private readonly caller: ModelCaller,
    private readonly tools: Toolbox,
    private messages: BaseMessage[],
    private readonly maxCharacters: number,
    private readonly stuck = new StuckDetector(),
  ) {}

  suspend(): SuspendedEditing {
    return storable({ messages: this.messages.map(toStored), seen: this.stuck.latest() });
  }

  async goOn(turns: number): Promise<boolean> {
    for (let turn = 0; turn < turns; turn += 1) {
      const answer = await this.ask();
      const requests = requestsOf(answer);
      this.messages.push(asHistory(answer.text, requests));
      for (const request of requests) {
        const result = await this.tools.call(request);
        this.messages.push(asToolAnswer(request, result));
        this.stuck.note(request, result);
      }
      if (requests.length === 0) {
        if (!wasCutOff(answer)) {
          return true;
        }
        this.messages.push(new HumanMessage(CUT_OFF));
      }
    }
    return false;
  }

  private async ask(): Promise<AIMessage> {
    this.messages = fitted(this.messages, this.maxCharacters);
    for (;;) {
      try {
        return await this.caller.ask(this.messages, this.tools.definitions);
      } catch (error) {
        if (!(error instanceof ContextOverflow)) {
          throw error;
        }
        const shorter = fitted(this.messages, sizeOf(this.messages) * 0.75);
        if (shorter === this.messages) {
          throw error;
        }
        this.messages = shorter;
      }
    }
  }
}
