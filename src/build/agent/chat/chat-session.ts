import { SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { renderProject } from '../../blueprints/render-project.js';
import { BuildStopped } from '../build-stopped.js';
import type {
  Assignment,
  CodeSession,
  Editing,
  Editor,
  Goal,
  Head,
  Plan,
  SourceTree,
  SuspendedEditing,
  Toolbox,
} from '../code-model.js';
import type { Usage } from '../usage.js';
import { cutText } from '../storable.js';
import { describeMismatch } from '../tools/tool.js';
import { MAX_ANSWER } from '../tools/workspace-tools.js';
import type { Budget } from './budget.js';
import { Conversation } from './conversation.js';
import {
  asHistory,
  asToolAnswer,
  CHARACTERS_PER_TOKEN,
  fromStored,
  opening,
  requestsOf,
} from './messages.js';
import type { ModelCaller } from './provider/model-caller.js';
import { PLAN_TOOL, readPlan, SUBMIT_PLAN, toPlan } from './planning.js';
import * as prompts from './prompts.js';
import { StuckDetector } from './stuck-detector.js';

const PLAN_TRIES = 3;
/** Of the model's context; the rest is for tools, its answer and what the estimate misses. */
const CONTEXT_SHARE = 0.75;

/** One build's work with a language model. */
export class ChatSession implements CodeSession, Editor {
  readonly editor = this;

  constructor(
    private readonly goal: Goal,
    private readonly caller: ModelCaller,
    private readonly budget: Budget,
    readonly maxRepairs: number,
    private readonly contextTokens: number,
  ) {}

  usage(): Usage {
    return this.budget.usage();
  }

  async plan(head: Head | null): Promise<Plan> {
    const messages: BaseMessage[] = [
      new SystemMessage(prompts.planningPrompt()),
      ...opening(
        prompts.planningTask(this.goal, head),
        'list_files',
        head === null ? 'No files' : cutText(head.paths.join('\n'), MAX_ANSWER),
      ),
    ];
    for (let tries = 0; tries < PLAN_TRIES; tries += 1) {
      const answer = await this.caller.ask(messages, [PLAN_TOOL], SUBMIT_PLAN);
      const requests = requestsOf(answer);
      messages.push(asHistory(answer.text, requests));
      for (const request of requests) {
        const read = tryPlan(request.name, request.args);
        if ('plan' in read) {
          return toPlan(this.goal, read.plan, head);
        }
        messages.push(asToolAnswer(request, read.problem));
      }
    }
    throw new BuildStopped('not_understood', 'The model gave no usable plan');
  }

  scaffold({ spec }: Plan, head: SourceTree | null): Promise<SourceTree> {
    return Promise.resolve(head ?? renderProject(spec));
  }

  begin(assignment: Assignment, tools: Toolbox, suspended?: SuspendedEditing): Editing {
    return new Conversation(
      this.caller,
      tools,
      suspended?.messages.map(fromStored) ?? this.opening(assignment, tools),
      this.contextTokens * CHARACTERS_PER_TOKEN * CONTEXT_SHARE,
      new StuckDetector(suspended?.seen),
    );
  }

  private opening({ plan, failures, conflicts }: Assignment, tools: Toolbox): BaseMessage[] {
    // Files are looked at by the model itself: a list of them is the least it needs to begin.
    const begun =
      failures === null
        ? opening(
            prompts.editingTask(this.goal, plan, conflicts !== null),
            'list_files',
            [tools.overview(), conflicts].filter(Boolean).join('\n\nNot merged:\n'),
          )
        : opening(prompts.repairTask(this.goal, plan), 'run_checks', failures);
    return [new SystemMessage(prompts.editingPrompt(plan)), ...begun];
  }
}

function tryPlan(
  name: string,
  args: { value: unknown } | { malformed: string },
): { plan: ReturnType<typeof readPlan> } | { problem: string } {
  if (name !== SUBMIT_PLAN) {
    return { problem: `There is no tool of that name: call ${SUBMIT_PLAN}` };
  }
  if ('malformed' in args) {
    return { problem: `The arguments are no JSON object: ${args.malformed}` };
  }
  try {
    return { plan: readPlan(args.value) };
  } catch (error) {
    if (error instanceof z.ZodError) {
      return { problem: `The plan doesn't fit: ${describeMismatch(error)}` };
    }
    throw error;
  }
}
