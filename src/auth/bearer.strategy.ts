import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-custom';
import { IdentityService } from './identity.service.js';
import type { Principal } from './principal.js';

const CREDENTIALS = /^Bearer +([\w.~+/-]+=*) *$/i;

/** The token of an `Authorization: Bearer` header; a header of any other form counts as none. */
export function bearerToken(request: Request): string | undefined {
  return CREDENTIALS.exec(request.headers.authorization ?? '')?.[1];
}

/** Passport's `bearer`: who sent the request, by access token or API key. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly identity: IdentityService) {
    super();
  }

  async validate(request: Request): Promise<Principal | null> {
    const token = bearerToken(request);
    return token === undefined ? null : this.identity.identify(token);
  }
}
