import { Injectable, type CallHandler, type ExecutionContext } from '@nestjs/common';
import type { NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import pLimit, { type LimitFunction } from 'p-limit';
import { defer, mergeMap, of, tap, type Observable } from 'rxjs';

/** Of one user, until the client has read the answer: either way a whole archive may be held in memory until then. */
const SIDE_BY_SIDE = 2;
/** A client that reads nothing for so long, or at most twice that, is let go. */
const STALL_MS = 15_000;

/**
 * Marks a route whose body or answer may take tens of megabytes: a user has two of them at once, others wait their turn,
 * and what they send stays unread.
 */
export const LargeTransfer = Reflector.createDecorator<boolean>();

/**
 * Makes a user's large transfers wait for one another, so that nobody fills the memory with what they send slowly or
 * don't read, or stands in front of everybody else with all that they ask for at once.
 */
@Injectable()
export class LargeTransfersInterceptor implements NestInterceptor {
  private readonly lanes = new Map<string, LimitFunction>();

  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.reflector.get(LargeTransfer, context.getHandler())) {
      return next.handle();
    }
    const http = context.switchToHttp();
    const request = http.getRequest<Request & { user?: { username?: string } }>();
    const response = http.getResponse<Response>();
    // Who waits for their turn is not idle.
    response.setTimeout(0);
    return defer(() => this.turn(request.user?.username ?? '', response)).pipe(
      // Who left while waiting gets nothing made.
      mergeMap(() => (response.closed ? of(undefined) : next.handle())),
      tap(() => response.setTimeout(STALL_MS, () => response.destroy())),
    );
  }

  /** Resolves when a place is free, which is this response's until it ends, however it does. */
  private turn(username: string, response: Response): Promise<void> {
    const lane = this.lanes.get(username) ?? pLimit(SIDE_BY_SIDE);
    this.lanes.set(username, lane);
    return new Promise((begin) => {
      void lane(async () => {
        begin();
        if (!response.closed) {
          await new Promise((end) => response.once('close', end));
        }
      }).then(() => {
        if (lane.activeCount + lane.pendingCount === 0) {
          this.lanes.delete(username);
        }
      });
    });
  }
}
