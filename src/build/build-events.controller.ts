import { Controller, Get, Param, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { once } from 'node:events';
import { bearerToken } from '../auth/bearer.strategy.js';
import { IdentityService } from '../auth/identity.service.js';
import { ApiError } from '../common/api-error.js';
import { CurrentUser, Requires } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { ApiErrors } from '../common/openapi/api-errors.decorator.js';
import { UuidParam } from '../common/validation/uuid-param.pipe.js';
import { toWire } from '../tasks/task-event.js';
import { SinceQuery } from '../tasks/since-query.dto.js';
import { TaskFollower } from '../tasks/task-follower.js';
import { TaskService } from '../tasks/task-service.js';
import { BUILD, Build } from './build.entity.js';

/** More than any build has; a list without an end can't be built up. */
const MAX_EVENTS = 10_000;
/** Keeps proxies from closing the stream, and holds it to what its user may by now. */
const LOOK_AFTER_MS = 15_000;
const MAX_STREAMS_PER_USER = 50;
/** How long a stream waits for its client to read, as a WebSocket's replay does. */
const STALL_MS = 10_000;

/** A build's stored events, for whoever can't hold a WebSocket. */
@ApiTags('builds')
@ApiBearerAuth()
@ApiErrors('unauthorized', 'forbidden', 'not_found', 'validation_error', 'rate_limit_exceeded')
@Controller('api/build/:task_id/events')
export class BuildEventsController implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly streams = new Map<string, number>();

  constructor(
    private readonly tasks: TaskService,
    private readonly follower: TaskFollower,
    private readonly identity: IdentityService,
  ) {}

  /** A stream has no end of its own while its build runs, and the server would wait for it. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  @Get()
  @Requires('build:read')
  @ApiOperation({
    summary: "A build's events after `since`",
    description:
      'With `Accept: text/event-stream`: the same, then live ones until the build ends (`Last-Event-ID` counts as `since`).',
  })
  @ApiResponse({
    status: 200,
    content: {
      'application/json': { schema: { type: 'array', items: { type: 'object' } } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  async events(
    @CurrentUser() user: Principal,
    @Param('task_id', UuidParam) id: string,
    @Query() query: SinceQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.tasks.get(user, Build, id);
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream') {
      const open = this.streams.get(user.username) ?? 0;
      if (open >= MAX_STREAMS_PER_USER) {
        throw new ApiError('rate_limit_exceeded', 'Too many open streams');
      }
      this.streams.set(user.username, open + 1);
      try {
        await this.stream(id, sinceOf(query, request), request, response);
      } finally {
        const left = (this.streams.get(user.username) ?? 1) - 1;
        if (left > 0) {
          this.streams.set(user.username, left);
        } else {
          this.streams.delete(user.username);
        }
      }
      return;
    }
    const events = await this.tasks.events(id, query.since, MAX_EVENTS);
    response.json(events.map((event) => toWire(BUILD, event)));
  }

  private async stream(
    id: string,
    since: number,
    request: Request,
    response: Response,
  ): Promise<void> {
    const left = new AbortController();
    response.on('close', () => left.abort());
    const gone = AbortSignal.any([left.signal, this.stopping.signal]);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    const lookAfter = setInterval(() => {
      response.write(': still here\n\n');
      this.mayStillRead(id, request).then(
        (mayRead) => mayRead || left.abort(),
        // The database is away: nothing new comes either, and the next look decides.
        () => undefined,
      );
    }, LOOK_AFTER_MS);
    try {
      for await (const event of this.follower.follow(id, since, gone)) {
        const frame = `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(toWire(BUILD, event))}\n\n`;
        if (!response.write(frame)) {
          // A slow reader slows its own reading of the log, and nothing piles up here. One that doesn't read at all
          // is let go; it comes back with the id of the last event that it saw.
          const stall = setTimeout(() => response.destroy(), STALL_MS);
          await once(response, 'drain', { signal: gone }).catch(() => undefined);
          clearTimeout(stall);
        }
      }
    } finally {
      clearInterval(lookAfter);
      response.end();
    }
  }

  private async mayStillRead(id: string, request: Request): Promise<boolean> {
    const user = await this.identity.identify(bearerToken(request) ?? '');
    if (!user?.permissions.has('build:read')) {
      return false;
    }
    return this.tasks.get(user, Build, id).then(
      () => true,
      (error: unknown) => !(error instanceof ApiError),
    );
  }
}

/** A browser's EventSource reconnects with the id of the last event it saw. */
function sinceOf(query: SinceQuery, request: Request): number {
  const lastId = request.get('last-event-id');
  return lastId !== undefined && /^\d{1,9}$/.test(lastId) ? Number(lastId) : query.since;
}
