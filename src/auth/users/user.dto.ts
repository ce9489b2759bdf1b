import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayUnique, IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { HasCodePoints, MayBeAbsent } from '../../common/validation/decorators.js';
import { PageQuery } from '../../common/validation/page-query.dto.js';
import { effectivePermissions } from '../effective-permissions.js';
import { PERMISSIONS, ROLES, type Permission, type Role } from '../principal.js';
import type { User } from './user.entity.js';

export const USERNAME = /^[A-Za-z0-9._-]{3,64}$/;

/** A new account: what a stranger registers with. */
export class RegisterDto {
  @ApiProperty({ minLength: 3, maxLength: 64, pattern: USERNAME.source, example: 'alice' })
  @Matches(USERNAME, { message: 'must be 3 to 64 of A-Z a-z 0-9 . _ -' })
  username!: string;

  @ApiProperty({
    minLength: 8,
    maxLength: 128,
    format: 'password',
    example: 'correct horse battery',
  })
  @HasCodePoints(8, 128)
  password!: string;
}

export class CreateUserDto extends RegisterDto {
  @ApiPropertyOptional({ enum: ROLES, default: 'user' })
  @MayBeAbsent()
  @IsIn(ROLES, { message: `must be one of ${ROLES.join(', ')}` })
  role: Role = 'user';
}

/** Any subset; what is left out stays as it is. */
export class ChangeUserDto {
  @ApiPropertyOptional({ enum: ROLES })
  @MayBeAbsent()
  @IsIn(ROLES, { message: `must be one of ${ROLES.join(', ')}` })
  role?: Role;

  @ApiPropertyOptional({
    enum: PERMISSIONS,
    isArray: true,
    nullable: true,
    description: 'Narrows what the role may do; null: all of the role',
  })
  @IsOptional()
  @ArrayUnique({ message: 'must be a list without repetitions' })
  @IsIn(PERMISSIONS, { each: true, message: `must be a list of ${PERMISSIONS.join(', ')}` })
  permissions?: Permission[] | null;

  @ApiPropertyOptional({ description: 'A disabled user can not log in, and no token holds' })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  disabled?: boolean;

  @ApiPropertyOptional({ minLength: 8, maxLength: 128, format: 'password' })
  @MayBeAbsent()
  @HasCodePoints(8, 128)
  password?: string;
}

export class UserBody {
  @ApiProperty({ example: 'alice' })
  username!: string;

  @ApiProperty({ enum: ROLES, example: 'user' })
  role!: Role;

  @ApiProperty({ enum: PERMISSIONS, isArray: true, example: PERMISSIONS })
  permissions!: Permission[];

  @ApiProperty({ example: false })
  disabled!: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-02-03T10:30:00.000Z' })
  created_at!: string;
}

export class UserPage {
  @ApiProperty({ type: 'integer', example: 1 })
  total!: number;

  @ApiProperty({ type: 'integer', example: 20 })
  limit!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  offset!: number;

  @ApiProperty({ type: [UserBody] })
  users!: UserBody[];
}

export function toUserBody(user: User): UserBody {
  return {
    username: user.username,
    role: user.role,
    permissions: effectivePermissions(user.role, user.permissions),
    disabled: user.disabled,
    created_at: user.createdAt.toISOString(),
  };
}

export function toUserPage(page: PageQuery, users: User[], total: number): UserPage {
  return { total, limit: page.limit, offset: page.offset, users: users.map(toUserBody) };
}
