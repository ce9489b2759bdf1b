import { Injectable } from '@nestjs/common';
import { TaskFailed } from '../../tasks/task-processor.js';
import { planGoal } from '../blueprints/plan-goal.js';
import type { ProjectSpec } from '../blueprints/project-spec.js';
import { renderProject } from '../blueprints/render-project.js';
import { CodeModel, type Goal, type SourceTree } from './code-model.js';

/** The blueprint engine: no language model, the same code for the same goal. */
@Injectable()
export class OfflineCodeModel extends CodeModel {
  readonly engine = 'blueprints';
  readonly trust = 'blueprint';

  override plan(goal: Goal): Promise<ProjectSpec> {
    const plan = planGoal(goal);
    if (!plan.ok) {
      return Promise.reject(new TaskFailed(plan.error));
    }
    return Promise.resolve(plan.spec);
  }

  override scaffold(spec: ProjectSpec): Promise<SourceTree> {
    return Promise.resolve(renderProject(spec));
  }
}
