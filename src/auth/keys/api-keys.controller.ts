import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiErrors } from '../../common/openapi/api-errors.decorator.js';
import { UuidParam } from '../../common/validation/uuid-param.pipe.js';
import { MessageBody } from '../auth.dto.js';
import { CurrentUser, LoginOnly } from '../decorators.js';
import type { Principal } from '../principal.js';
import { ApiKeyList, CreateApiKeyDto, CreatedApiKeyBody, toApiKeyBody } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'rate_limit_exceeded')
@LoginOnly()
@Controller('auth/keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @ApiOperation({ summary: 'Create an API key for a program; it is shown this once' })
  @ApiCreatedResponse({ type: CreatedApiKeyBody })
  @ApiErrors('bad_request', 'conflict', 'validation_error')
  async create(
    @CurrentUser() user: Principal,
    @Body() dto: CreateApiKeyDto,
  ): Promise<CreatedApiKeyBody> {
    const { row, key } = await this.keys.create(user, {
      name: dto.name,
      permissions: dto.permissions,
      expiresInDays: dto.expires_in_days,
    });
    return { ...toApiKeyBody(row), key };
  }

  @Get()
  @ApiOperation({ summary: 'List your API keys, newest first' })
  @ApiOkResponse({ type: ApiKeyList })
  async list(@CurrentUser() user: Principal): Promise<ApiKeyList> {
    return { keys: (await this.keys.list(user.username)).map(toApiKeyBody) };
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete an API key; it stops to hold at once' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: MessageBody })
  @ApiErrors('not_found', 'validation_error')
  async delete(
    @CurrentUser() user: Principal,
    @Param('id', UuidParam) id: string,
  ): Promise<MessageBody> {
    await this.keys.delete(user.username, id);
    return { message: 'API key deleted' };
  }
}
