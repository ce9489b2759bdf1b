import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { HasCodePoints, MayBeAbsent } from '../common/validation/decorators.js';
import type { IssuedTokens } from './tokens.service.js';

/** Not the grammar of a registration: whatever can't be a name is just a wrong one. */
export class LoginDto {
  @ApiProperty({ minLength: 1, maxLength: 64, example: 'alice' })
  @HasCodePoints(1, 64)
  username!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: 128,
    format: 'password',
    example: 'correct horse battery',
  })
  @HasCodePoints(1, 128)
  password!: string;
}

export class RefreshDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 128,
    example: 'yG0bV1m7Jr3w0H9QeD5cX2nKfLpS8tUaZiRoNvM4hEk',
  })
  @HasCodePoints(1, 128)
  refresh_token!: string;
}

export class ChangePasswordDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 128,
    format: 'password',
    example: 'correct horse battery',
  })
  @HasCodePoints(1, 128)
  current!: string;

  @ApiProperty({ minLength: 8, maxLength: 128, format: 'password', example: 'a better staple' })
  @HasCodePoints(8, 128)
  new!: string;

  @ApiPropertyOptional({
    default: true,
    description:
      'Whether your API keys end, too: whoever had the old password may have made some. false: they stay',
  })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  revoke_api_keys?: boolean;
}

export class TokensBody {
  @ApiProperty({
    example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
  })
  access_token!: string;

  @ApiProperty({ enum: ['bearer'] })
  token_type!: 'bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 86400 })
  expires_in!: number;

  @ApiProperty({ example: 'yG0bV1m7Jr3w0H9QeD5cX2nKfLpS8tUaZiRoNvM4hEk' })
  refresh_token!: string;
}

export class MessageBody {
  @ApiProperty({ example: 'Done' })
  message!: string;
}

export function toTokensBody(issued: IssuedTokens): TokensBody {
  return {
    access_token: issued.accessToken,
    token_type: 'bearer',
    expires_in: issued.expiresInSeconds,
    refresh_token: issued.refreshToken,
  };
}
