import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ProblemAnswers } from '../docs/problem-answers.js';
import { toUserBody, type UserBody, userSchema } from '../users/user-schemas.js';
import type { User } from '../users/user.js';
import { Caller, RequireUser } from './access.js';
import {
  type Login,
  loginSchema,
  type Refresh,
  refreshSchema,
  type Registration,
  registrationSchema,
  type TokenPair,
  tokenPairSchema,
} from './auth-schemas.js';
import { AuthService } from './auth-service.js';
import { bearerTokenOf } from './bearer-token.js';

/** Sign-up, login, refresh, logout and the caller's own account. */
@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('register')
  @ApiOperation({ summary: 'Create an account with the role `user`' })
  @ApiCreatedResponse({ standardSchema: userSchema })
  @ProblemAnswers(409, 422)
  async register(@Body({ schema: registrationSchema }) body: Registration): Promise<UserBody> {
    return toUserBody(await this.auth.register(body));
  }

  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change a name and a password for a pair of tokens' })
  @ApiOkResponse({ standardSchema: tokenPairSchema })
  @ProblemAnswers(401, 403, 422)
  logIn(@Body({ schema: loginSchema }) body: Login): Promise<TokenPair> {
    return this.auth.logIn(body);
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change a refresh token for a new pair; twice ends its session' })
  @ApiOkResponse({ standardSchema: tokenPairSchema })
  @ProblemAnswers(401, 403, 422)
  refresh(@Body({ schema: refreshSchema }) body: Refresh): Promise<TokenPair> {
    return this.auth.refresh(body.refresh_token);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End the session: its tokens are void at once' })
  @ApiNoContentResponse()
  @ProblemAnswers(401)
  async logOut(@Headers('authorization') authorization: string | undefined): Promise<void> {
    await this.auth.logOut(bearerTokenOf(authorization));
  }

  @Get('me')
  @RequireUser()
  @ApiOperation({ summary: "The caller's own account" })
  @ApiOkResponse({ standardSchema: userSchema })
  @ProblemAnswers(401, 403)
  readMe(@Caller() caller: User): UserBody {
    return toUserBody(caller);
  }
}
