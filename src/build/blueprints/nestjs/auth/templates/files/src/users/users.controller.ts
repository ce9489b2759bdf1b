import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, RequireRole } from '../auth/access.js';
import { ProblemAnswers } from '../docs/problem-answers.js';
import {
  toUserBody,
  type UserBody,
  type UserChange,
  userChangeSchema,
  userListSchema,
  usernameSchema,
  type UserPage,
  userPageSchema,
  userSchema,
} from './user-schemas.js';
import { UserService } from './user-service.js';
import type { User } from './user.js';

/** User administration, for administrators only. */
@ApiTags('users')
@Controller('users')
@RequireRole('admin')
@ProblemAnswers(401, 403, 422)
export class UsersController {
  constructor(private readonly users: UserService) {}

  @Get()
  @ApiOperation({ summary: 'All users by name, a page at a time' })
  @ApiOkResponse({ standardSchema: userListSchema })
  async list(@Query({ schema: userPageSchema }) page: UserPage): Promise<UserBody[]> {
    const users = await this.users.list(page);
    return users.map(toUserBody);
  }

  @Patch(':username')
  @ApiOperation({ summary: "Change a user's role, or disable the account and end its sessions" })
  @ApiOkResponse({ standardSchema: userSchema })
  @ProblemAnswers(404, 409)
  async change(
    @Param('username', { schema: usernameSchema }) username: string,
    @Body({ schema: userChangeSchema }) change: UserChange,
    @Caller() caller: User,
  ): Promise<UserBody> {
    return toUserBody(await this.users.change(username, change, caller));
  }
}
