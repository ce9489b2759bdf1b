import { Injectable } from '@nestjs/common';
import { TaskFailed } from '../../tasks/task-processor.js';
import { planGoal } from '../blueprints/plan-goal.js';
import { renderProject } from '../blueprints/render-project.js';
import { CodeModel, type CodeSession, type Goal, type Head, type Plan } from './code-model.js';

/** The blueprint engine: no language model, the same code for the same goal. */
@Injectable()
export class OfflineCodeModel extends CodeModel {
  readonly engine = 'blueprints';
  readonly trust = 'blueprint';

  override begin(goal: Goal): Promise<CodeSession> {
    return Promise.resolve({
      editor: null,
      usage: () => null,
      plan: (head) => plan(goal, head),
      scaffold: ({ spec }) => Promise.resolve(renderProject(spec)),
    });
  }
}

function plan(goal: Goal, head: Head | null): Promise<Plan> {
  const planned = planGoal({ ...goal, previous: head?.spec ?? undefined });
  return planned.ok
    ? Promise.resolve({ spec: planned.spec, tasks: [] })
    : Promise.reject(new TaskFailed(planned.error));
}
