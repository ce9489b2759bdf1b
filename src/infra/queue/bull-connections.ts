import type { Redis } from 'ioredis';
import { abandonRedis, openRedis, untilReady } from '../redis/redis-connection.js';

type BullClientType = 'client' | 'subscriber' | 'bclient';

/**
 * The connections of one Bull queue. Bull never closes connections that were made for it, and gives the same
 * options to those that block and those that must fail fast, so they are made and ended here.
 */
export class BullConnections {
  private readonly open: Redis[] = [];

  constructor(private readonly redisUrl: string) {}

  /** Bull's `createClient`. */
  readonly create = (type: BullClientType): Redis => {
    const redis = openRedis(
      this.redisUrl,
      `queue ${type}`,
      type === 'client' ? 'commands' : 'blocking',
    );
    this.open.push(redis);
    return redis;
  };

  /** Waits until all are usable, or the time is over. */
  async untilReady(timeoutMs: number): Promise<boolean> {
    const ready = await Promise.all(this.open.map((redis) => untilReady(redis, timeoutMs)));
    return ready.every(Boolean);
  }

  /** Ends all. Bull has promises in them that nobody catches, so nothing that waits is rejected. */
  async abandon(): Promise<void> {
    await Promise.all(this.open.map(abandonRedis));
  }
}
