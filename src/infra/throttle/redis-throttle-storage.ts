import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import {
  closeRedis,
  DEFAULT_KEY_PREFIX,
  openRedis,
  untilReady,
  type RedisSettings,
} from '../redis/redis-connection.js';
import { MemoryThrottleStorage } from './memory-throttle-storage.js';
import { ThrottleStorage, type WindowCount } from './throttle-storage.js';

/** ARGV: hits to add (0: look only), window in ms. Answers [hits, ms left] for each key. */
const COUNT_SCRIPT = `
local counts = {}
for _, key in ipairs(KEYS) do
  local hits
  if ARGV[1] == '0' then hits = tonumber(redis.call('GET', key) or 0)
  else hits = redis.call('INCRBY', key, ARGV[1]) end
  local left = redis.call('PTTL', key)
  if left < 0 and hits > 0 then
    redis.call('PEXPIRE', key, ARGV[2])
    left = tonumber(ARGV[2])
  end
  counts[#counts + 1] = hits
  counts[#counts + 1] = math.max(left, 0)
end
return counts`;

const START_MS = 2_000;
/** Every limited request waits for its count: slower than this, and it is counted here. */
const COUNT_TIMEOUT_MS = 250;
const RETRY_MS = 1_000;
const LOOK_ONLY_WINDOW_MS = 60_000;

/** Counts in Redis, for all processes together; while it is gone each process counts by itself. */
@Injectable()
export class RedisThrottleStorage extends ThrottleStorage implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisThrottleStorage.name);
  private readonly fallback = new MemoryThrottleStorage();
  private readonly keyPrefix: string;
  private readonly redis: Redis;
  private isAway = false;
  private retryAt = 0;

  /** Connects, and gives up waiting (not trying) after two seconds. */
  static async connect(settings: RedisSettings): Promise<RedisThrottleStorage> {
    const storage = new RedisThrottleStorage(settings);
    await untilReady(storage.redis, START_MS);
    return storage;
  }

  constructor({ redisUrl, keyPrefix = DEFAULT_KEY_PREFIX }: RedisSettings) {
    super();
    this.keyPrefix = `${keyPrefix}:throttle:`;
    this.redis = openRedis(redisUrl, 'throttle', 'commands', { commandTimeout: COUNT_TIMEOUT_MS });
  }

  override hit(keys: readonly string[], windowMs: number): Promise<WindowCount[]> {
    return this.count(keys, 1, windowMs, () => this.fallback.hit(keys, windowMs));
  }

  override peek(keys: readonly string[]): Promise<WindowCount[]> {
    return this.count(keys, 0, LOOK_ONLY_WINDOW_MS, () => this.fallback.peek(keys));
  }

  close(): Promise<void> {
    return closeRedis(this.redis);
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async count(
    keys: readonly string[],
    add: 0 | 1,
    windowMs: number,
    countHere: () => Promise<WindowCount[]>,
  ): Promise<WindowCount[]> {
    // A server that hangs must cost one request its patience, not each.
    if (this.isAway && performance.now() < this.retryAt) {
      return countHere();
    }
    try {
      const names = keys.map((key) => this.keyPrefix + key);
      const answer = await this.redis.eval(COUNT_SCRIPT, names.length, ...names, add, windowMs);
      this.isBack();
      return toCounts(answer);
    } catch (error) {
      this.goesAway(error);
      return countHere();
    }
  }

  private goesAway(error: unknown): void {
    this.retryAt = performance.now() + RETRY_MS;
    if (!this.isAway) {
      this.isAway = true;
      this.logger.warn('Redis is away: each process counts rate limits by itself', error);
    }
  }

  private isBack(): void {
    if (this.isAway) {
      this.isAway = false;
      this.logger.log('Redis is back: rate limits are shared again');
    }
  }
}

function toCounts(answer: unknown): WindowCount[] {
  if (!Array.isArray(answer)) {
    throw new Error('Redis answered no list');
  }
  const numbers = answer.map(Number);
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    hits: numbers[2 * index] ?? 0,
    msLeft: numbers[2 * index + 1] ?? 0,
  }));
}
