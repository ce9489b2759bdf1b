import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import pLimit from 'p-limit';
import { IdentityService } from '../auth/identity.service.js';
import { CLOSE } from './close-codes.js';
import { mayWatch } from './stream-admission.js';
import type { StreamClient } from './stream-client.js';
import { StreamTimings } from './stream-timings.js';

/** Tokens that are verified side by side: requests need the database too. */
const LANES = 4;

/** Looks after admitted clients: whether they are still there, and whether they still may be. */
@Injectable()
export class ClientWatch implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(ClientWatch.name);
  private readonly clients = new Set<StreamClient>();
  private beats: NodeJS.Timeout | undefined;
  private rechecks: NodeJS.Timeout | undefined;
  private isRechecking = false;

  constructor(
    private readonly identity: IdentityService,
    private readonly timings: StreamTimings,
  ) {}

  onModuleInit(): void {
    this.beats = setInterval(() => {
      this.clients.forEach((client) => client.beat());
    }, this.timings.pingMs);
    this.rechecks = setInterval(() => void this.recheck(), this.timings.recheckMs);
  }

  onModuleDestroy(): void {
    clearInterval(this.beats);
    clearInterval(this.rechecks);
  }

  add(client: StreamClient): void {
    this.clients.add(client);
    client.onClose(() => this.clients.delete(client));
  }

  /** Verifies each token once, however many sockets it opened. Never rejects. */
  private async recheck(): Promise<void> {
    if (this.isRechecking) {
      return;
    }
    this.isRechecking = true;
    const byToken = new Map<string, StreamClient[]>();
    for (const client of this.clients) {
      const sharers = byToken.get(client.watch.token);
      if (sharers) {
        sharers.push(client);
      } else {
        byToken.set(client.watch.token, [client]);
      }
    }
    const lane = pLimit(LANES);
    await Promise.all(
      [...byToken].map(([token, clients]) => lane(() => this.recheckToken(token, clients))),
    );
    this.isRechecking = false;
  }

  private async recheckToken(token: string, clients: StreamClient[]): Promise<void> {
    try {
      const principal = await this.identity.identify(token);
      for (const client of clients) {
        if (!principal) {
          client.close(CLOSE.unauthorized, 'Token no longer valid');
        } else if (!mayWatch(principal, client.watch.task)) {
          client.close(CLOSE.forbidden, 'No longer authorized');
        }
      }
    } catch (error) {
      // Nobody is sent away because the database can't be asked: the next round asks again.
      this.log.debug(`Tokens of open streams not verified: ${String(error)}`);
    }
  }
}
