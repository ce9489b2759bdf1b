import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/api-error.js';
import { IsProjectName, MayBeAbsent } from '../common/validation/decorators.js';
import { PageQuery } from '../common/validation/page-query.dto.js';
import type { TaskFilter } from './task-reader.js';
import { TASK_STATUSES, type TaskStatus } from './task-status.js';

/** How every list of tasks is paged and filtered. */
export class TaskListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @MayBeAbsent()
  @IsIn(TASK_STATUSES, { message: `must be one of ${TASK_STATUSES.join(', ')}` })
  status?: TaskStatus;

  @ApiPropertyOptional({ example: 'my-project' })
  @MayBeAbsent()
  @IsProjectName()
  project_name?: string;

  @ApiPropertyOptional({
    example: '*',
    description: "Admins and viewers: this user's tasks, or everybody's with *",
  })
  @MayBeAbsent()
  @IsString()
  @Length(1, 64)
  user?: string;
}

/** @throws ApiError `forbidden` where the user asks for others' tasks and may not read them. */
export function filterOf(user: Principal, query: TaskListQuery): TaskFilter {
  const owner = query.user ?? user.username;
  if (owner !== user.username && user.role === 'user') {
    throw new ApiError('forbidden', "Not authorized to list other users' tasks");
  }
  return {
    owner: owner === '*' ? undefined : owner,
    status: query.status,
    projectName: query.project_name,
    limit: query.limit,
    offset: query.offset,
  };
}
