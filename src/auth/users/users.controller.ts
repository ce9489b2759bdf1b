import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiErrors } from '../../common/openapi/api-errors.decorator.js';
import { PageQuery } from '../../common/validation/page-query.dto.js';
import { Roles } from '../decorators.js';
import {
  ChangeUserDto,
  CreateUserDto,
  toUserBody,
  toUserPage,
  UserBody,
  UserPage,
} from './user.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'validation_error', 'rate_limit_exceeded')
@Roles('admin')
@Controller('auth/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOperation({ summary: 'List users, by name' })
  @ApiOkResponse({ type: UserPage })
  async list(@Query() page: PageQuery): Promise<UserPage> {
    const [users, total] = await this.users.list(page.limit, page.offset);
    return toUserPage(page, users, total);
  }

  @Post()
  @ApiOperation({ summary: 'Create a user with a role' })
  @ApiCreatedResponse({ type: UserBody })
  @ApiErrors('bad_request', 'conflict')
  async create(@Body() dto: CreateUserDto): Promise<UserBody> {
    return toUserBody(await this.users.create(dto.username, dto.password, dto.role));
  }

  @Patch(':username')
  @ApiOperation({ summary: 'Change role, permissions, password, or disable a user' })
  @ApiParam({ name: 'username', example: 'alice' })
  @ApiOkResponse({ type: UserBody })
  @ApiErrors('bad_request', 'not_found', 'conflict')
  async change(@Param('username') username: string, @Body() dto: ChangeUserDto): Promise<UserBody> {
    return toUserBody(await this.users.change(username, dto));
  }
}
