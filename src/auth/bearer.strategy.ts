import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';
import type { IdentityService } from './identity.service.js';
import type { Principal } from './principal.js';

const CREDENTIALS = /^Bearer +([\w.~+/-]+=*) *$/i;

/** The token of an `Authorization: Bearer` header; a header of any other form counts as none. */
export function bearerToken(request: Request): string | undefined {
  return CREDENTIALS.exec(request.headers.authorization ?? '')?.[1];
}

/** What `IdentifyGuard` hands over with each request. */
export interface BearerOptions {
  identity: IdentityService;
}

/**
 * Passport's `bearer`: who sent the request, by access token or API key.
 *
 * The service comes with the request and not by injection: passport's registry is one for the process, so of two apps
 * in it (as in tests) the first would ask the database of the second.
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor() {
    super({ passOptionsToCallback: true });
  }

  async validate(request: Request, { identity }: BearerOptions): Promise<Principal | null> {
    const token = bearerToken(request);
    return token === undefined ? null : identity.identify(token);
  }
}
