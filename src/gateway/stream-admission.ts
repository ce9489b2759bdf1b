import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityService } from '../auth/identity.service.js';
import { mayRead, type Principal } from '../auth/principal.js';
import { Task } from '../tasks/task.entity.js';
import { CLOSE, StreamRefused } from './close-codes.js';
import type { StreamKind, StreamRequest } from './stream-request.js';

export interface WatchedTask {
  id: string;
  kind: StreamKind;
  owner: string;
}

/** Who watches what, from the admission on. */
export interface Watch {
  task: WatchedTask;
  principal: Principal;
  /** Kept to verify it again; never logged. */
  token: string;
  since: number;
}

/** Decides who may have a stream: guards don't run on WebSocket connections. */
@Injectable()
export class StreamAdmission {
  constructor(
    private readonly identity: IdentityService,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws StreamRefused; anything else means that it can't be decided now. */
  async admit({ kind, taskId, token, since }: StreamRequest): Promise<Watch> {
    const principal = token ? await this.identity.identify(token) : null;
    if (!token || !principal) {
      throw new StreamRefused(
        CLOSE.unauthorized,
        token ? 'Token invalid or expired' : 'Token missing',
      );
    }
    if (since === null) {
      throw new StreamRefused(CLOSE.badRequest, 'since must be a whole number, 0 or more');
    }
    const task = taskId === null ? null : await this.find(kind, taskId);
    if (!task) {
      throw new StreamRefused(CLOSE.notFound, `No such ${kind}`);
    }
    if (!mayWatch(principal, task)) {
      throw new StreamRefused(CLOSE.forbidden, `Not authorized to view this ${kind}`);
    }
    return { task, principal, token, since };
  }

  private async find(kind: StreamKind, id: string): Promise<WatchedTask | null> {
    const task = await this.dataSource.getRepository<Task>(Task).findOne({
      where: { id, kind },
      select: { id: true, kind: true, owner: true },
    });
    return task && { id, kind, owner: task.owner };
  }
}

/** Whether the user may see the task, with the rights of this moment. */
export function mayWatch(principal: Principal, task: WatchedTask): boolean {
  return principal.permissions.has(`${task.kind}:read`) && mayRead(principal, task.owner);
}
