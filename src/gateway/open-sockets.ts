import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';

/** Counts what is open, so that neither a user nor an address can take all of it. */
@Injectable()
export class OpenSockets {
  private readonly addresses: Tally;
  private readonly users: Tally;

  constructor(config: AppConfig) {
    this.addresses = new Tally(config.sockets.maxPerAddress);
    this.users = new Tally(config.sockets.maxPerUser);
  }

  /** For the metrics: all that are open, the not yet admitted ones too. */
  get count(): number {
    return this.addresses.total;
  }

  /** @returns what to call when the socket has closed; `null`: the address has too many. */
  enterFrom(address: string): (() => void) | null {
    return this.addresses.take(address);
  }

  /** @returns what to call when the socket has closed; `null`: the user has too many. */
  enterAs(username: string): (() => void) | null {
    return this.users.take(username);
  }
}

/** How often each key is held. A key that nobody holds takes no memory. */
class Tally {
  total = 0;
  private readonly held = new Map<string, number>();

  constructor(private readonly max: number) {}

  take(key: string): (() => void) | null {
    const count = this.held.get(key) ?? 0;
    if (count >= this.max) {
      return null;
    }
    this.held.set(key, count + 1);
    this.total += 1;
    return () => this.giveBack(key);
  }

  private giveBack(key: string): void {
    const count = this.held.get(key) ?? 0;
    if (count > 1) {
      this.held.set(key, count - 1);
    } else {
      this.held.delete(key);
    }
    this.total -= 1;
  }
}
