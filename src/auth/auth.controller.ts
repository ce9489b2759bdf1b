import { Body, Controller, Get, HttpCode, Ip, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { LimitPerAddress } from '../common/rate-limit/rate-limit.decorators.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import {
  ChangePasswordDto,
  LoginDto,
  MessageBody,
  RefreshDto,
  TokensBody,
  toTokensBody,
} from './auth.dto.js';
import { CurrentUser, LoginOnly, Public } from './decorators.js';
import { LoginService } from './login.service.js';
import type { Principal } from './principal.js';
import { TokensService } from './tokens.service.js';
import { UsageBody } from './usage/usage.dto.js';
import { UsageService } from './usage/usage.service.js';
import { RegisterDto, toUserBody, UserBody } from './users/user.dto.js';
import { UsersService } from './users/users.service.js';

@ApiTags('auth')
@ApiErrors('rate_limit_exceeded')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly tokens: TokensService,
    private readonly users: UsersService,
    private readonly usages: UsageService,
  ) {}

  @Post('register')
  @Public()
  @LimitPerAddress()
  @ApiOperation({ summary: 'Create an account with the role user' })
  @ApiCreatedResponse({ type: UserBody })
  @ApiErrors('bad_request', 'forbidden', 'conflict', 'validation_error', 'service_unavailable')
  async register(@Body() dto: RegisterDto): Promise<UserBody> {
    return toUserBody(await this.logins.register(dto.username, dto.password));
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @LimitPerAddress()
  @ApiOperation({ summary: 'Get an access token and a refresh token' })
  @ApiOkResponse({ type: TokensBody })
  @ApiErrors('bad_request', 'unauthorized', 'validation_error', 'service_unavailable')
  async login(@Body() dto: LoginDto, @Ip() address: string): Promise<TokensBody> {
    return toTokensBody(await this.logins.login(dto.username, dto.password, address));
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @LimitPerAddress()
  @ApiOperation({ summary: 'Exchange a refresh token, once; a second use ends the session' })
  @ApiOkResponse({ type: TokensBody })
  @ApiErrors('bad_request', 'unauthorized', 'validation_error')
  async refresh(@Body() dto: RefreshDto): Promise<TokensBody> {
    return toTokensBody(await this.tokens.rotate(dto.refresh_token));
  }

  @Post('logout')
  @HttpCode(200)
  @LoginOnly()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End this session: its access and refresh tokens at once' })
  @ApiOkResponse({ type: MessageBody })
  @ApiErrors('unauthorized', 'forbidden')
  async logout(@CurrentUser() user: Principal): Promise<MessageBody> {
    if (user.sessionId) {
      await this.tokens.close(user.sessionId);
    }
    return { message: 'Logged out' };
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who the token belongs to, and what it may do' })
  @ApiOkResponse({ type: UserBody })
  @ApiErrors('unauthorized')
  async me(@CurrentUser() user: Principal): Promise<UserBody> {
    const account = toUserBody(await this.users.get(user.username));
    return { ...account, permissions: [...user.permissions] };
  }

  @Get('me/usage')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'What your builds used of language models' })
  @ApiOkResponse({ type: UsageBody })
  @ApiErrors('unauthorized')
  usage(@CurrentUser() user: Principal): Promise<UsageBody> {
    return this.usages.of(user.username);
  }

  @Post('password')
  @HttpCode(200)
  @LoginOnly()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Change your password; your other sessions end' })
  @ApiOkResponse({ type: MessageBody })
  @ApiErrors('bad_request', 'unauthorized', 'forbidden', 'validation_error', 'service_unavailable')
  async changePassword(
    @CurrentUser() user: Principal,
    @Body() dto: ChangePasswordDto,
    @Ip() address: string,
  ): Promise<MessageBody> {
    await this.logins.changePassword(user, dto.current, dto.new, address);
    return { message: 'Password changed' };
  }
}
