import { z } from 'zod';
import type { Toolbox, ToolDefinition, ToolRequest } from '../code-model.js';
import { storableText } from '../storable.js';
import { describeMismatch, type Tool } from './tool.js';
import { ToolProblem } from './workspace.js';

/** One call as a person watching sees it. */
export interface ToolActivity {
  tool: string;
  /** `null`: it is about no single file. */
  file: string | null;
  outcome: 'done' | 'refused';
}

const MAX_NAME = 200;

/** Finds the tool that a model asks for, and answers in words whatever is wrong with the request. */
export class WorkspaceToolbox implements Toolbox {
  readonly definitions: readonly ToolDefinition[];

  constructor(
    private readonly tools: Record<string, Tool>,
    readonly overview: () => string,
    private readonly onCall: (activity: ToolActivity) => Promise<void>,
  ) {
    this.definitions = Object.entries(tools).map(([name, { description, parameters }]) => ({
      name,
      description,
      parameters,
    }));
  }

  async call(request: ToolRequest): Promise<string> {
    const answer = await this.answer(request);
    await this.onCall({
      tool: storableText(request.name).slice(0, MAX_NAME),
      file: fileOf(request),
      outcome: answer.ok ? 'done' : 'refused',
    });
    return answer.text;
  }

  private async answer({ name, args }: ToolRequest): Promise<{ ok: boolean; text: string }> {
    const tool = Object.hasOwn(this.tools, name) ? this.tools[name] : undefined;
    if (!tool) {
      const names = Object.keys(this.tools).join(', ');
      return refused(`There is no tool of that name. The tools are: ${names}`);
    }
    if ('malformed' in args) {
      return refused(`The arguments are no JSON object, nothing was done: ${args.malformed}`);
    }
    try {
      return { ok: true, text: await tool.call(args.value) };
    } catch (error) {
      if (error instanceof z.ZodError) {
        return refused(`The arguments don't fit, nothing was done: ${describeMismatch(error)}`);
      }
      if (error instanceof ToolProblem) {
        return refused(`Nothing was done. ${error.message}`);
      }
      throw error;
    }
  }
}

function refused(text: string): { ok: boolean; text: string } {
  return { ok: false, text };
}

function fileOf({ args }: ToolRequest): string | null {
  const path = 'value' in args ? args.value['path'] : null;
  return typeof path === 'string' ? storableText(path).slice(0, MAX_NAME) : null;
}
