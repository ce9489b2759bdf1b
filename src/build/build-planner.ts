import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { AppConfig } from '../config/app-config.js';
import { Database } from '../infra/database/database.js';
import { ToolchainStates } from '../toolchains/toolchain-states.js';
import { CAPABILITIES } from './blueprints/capabilities.js';
import { planGoal } from './blueprints/plan-goal.js';
import {
  DATABASES,
  FIELD_TYPES,
  projectSpecSchema,
  type ProjectSpec,
} from './blueprints/project-spec.js';
import { renderProject } from './blueprints/render-project.js';
import type { CreateBuildDto } from './dto/build.dto.js';
import type { CapabilitiesDto, PreviewDto } from './dto/preview.dto.js';

/** What a project was built as: the specification of the build that made its newest source. */
const LAST_SPECIFICATION = {
  name: 'last-specification',
  text: `SELECT t.results -> 'specification' AS spec
           FROM projects p
           JOIN snapshots s ON s.id = p.head_snapshot_id
           JOIN tasks t ON t.id = s.task_id
          WHERE p.owner = $1 AND p.name = $2`,
};

/** What would be built, and what can be, without building anything. */
@Injectable()
export class BuildPlanner {
  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly toolchains: ToolchainStates,
  ) {}

  /** @throws ApiError `validation_error` where nothing of the goal is understood */
  async preview(user: Principal, dto: CreateBuildDto): Promise<PreviewDto> {
    const planned = planGoal({
      projectName: dto.project_name,
      goal: dto.goal,
      parameters: { ...dto.parameters },
      previous: await this.lastSpecification(user.username, dto.project_name),
    });
    if (!planned.ok) {
      throw new ApiError('validation_error', 'The offline engine does not understand this goal', {
        errors: [{ field: 'goal', message: planned.error }],
      });
    }
    const files = [...renderProject(planned.spec)].map(([path, content]) => ({
      path,
      size: content.length,
    }));
    return { specification: planned.spec, files, notes: planned.spec.notes };
  }

  capabilities(): CapabilitiesDto {
    const { llm } = this.config;
    return {
      engine: llm ? `${llm.provider}:${llm.model}` : 'blueprints',
      frameworks: CAPABILITIES.map(({ name, databases, features }) => ({
        name,
        databases: [...databases],
        features,
      })),
      databases: [...DATABASES],
      field_types: [...FIELD_TYPES],
      toolchains: this.toolchains.readAll(),
    };
  }

  private async lastSpecification(owner: string, name: string): Promise<ProjectSpec | undefined> {
    const [row] = await this.db.query<{ spec: unknown }>(LAST_SPECIFICATION, [owner, name]);
    const spec = projectSpecSchema.safeParse(row?.spec);
    return spec.success ? spec.data : undefined;
  }
}
