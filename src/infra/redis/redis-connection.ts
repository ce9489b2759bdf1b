import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { watchForSilence } from './silence-watchdog.js';

/** Where Redis is, and the first part of every key and channel, so that several products can share one server. */
export interface RedisSettings {
  redisUrl: string;
  /** Default `goalsmith`. */
  keyPrefix?: string;
}

export const DEFAULT_KEY_PREFIX = 'goalsmith';

/**
 * What a connection is for decides how it may fail:
 * `commands` answers or rejects within a second and keeps nothing for later; `subscriber` the same, and its owner
 * subscribes again by itself; `blocking` waits as long as its command says and resends it after a reconnect.
 */
export type RedisPurpose = 'commands' | 'subscriber' | 'blocking';

const COMMAND_TIMEOUT_MS = 1_000;
const SETTLE_MS = 500;
const NEVER_MS = 2 ** 31 - 1;

const SHARED: RedisOptions = {
  maxRetriesPerRequest: null,
  connectTimeout: 2_000,
  keepAlive: 5_000,
  disableClientInfo: true,
  // ioredis keeps a process alive that long for a socket that is gone already.
  disconnectTimeout: 100,
  // ioredis drops the promise of its own resubscription: a connection that ends meanwhile would crash the process.
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
};

const FAIL_FAST: RedisOptions = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  enableOfflineQueue: false,
  // A command that was reported as failed must not be done later behind its caller's back.
  autoResendUnfulfilledCommands: false,
};

const OPTIONS: Record<RedisPurpose, RedisOptions> = {
  commands: { ...SHARED, ...FAIL_FAST },
  subscriber: { ...SHARED, ...FAIL_FAST },
  blocking: { ...SHARED, enableReadyCheck: false },
};

/**
 * Opens a connection that heals by itself, half-open ones included, and tells the log once when it goes and once
 * when it is back.
 */
export function openRedis(
  url: string,
  name: string,
  purpose: RedisPurpose,
  overrides: RedisOptions = {},
): Redis {
  const redis = new Redis(url, { ...OPTIONS[purpose], ...overrides });
  reportOutages(redis, name);
  watchForSilence(redis);
  return redis;
}

/** Whether the connection became usable within the time given. Never rejects. */
export function untilReady(redis: Redis, timeoutMs: number): Promise<boolean> {
  if (redis.status === 'ready') {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    const settle = (isReady: boolean): void => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      resolve(isReady);
    };
    const onReady = (): void => settle(true);
    const timer = setTimeout(() => settle(false), timeoutMs);
    redis.once('ready', onReady);
  });
}

/** Ends a connection for good: what was written is sent, what waits is rejected. Takes half a second at most. */
export async function closeRedis(redis: Redis): Promise<void> {
  const ended = hasSocket(redis) ? untilEvent(redis, 'end') : Promise.resolve();
  redis.disconnect();
  await ended;
  redis.stream?.destroy();
}

/**
 * Ends a connection as an outage that lasts: what waits for it is neither sent nor rejected. For owners that don't
 * catch such rejections, which would crash the process while it stops.
 */
export async function abandonRedis(redis: Redis): Promise<void> {
  redis.options.retryStrategy = () => NEVER_MS;
  if (hasSocket(redis)) {
    const closed = untilEvent(redis, 'close');
    redis.stream?.destroy();
    await closed;
  }
  redis.disconnect(); // stops the timer of the next attempt
}

/** Between two attempts there is none, and ioredis would never say `close` or `end`. */
function hasSocket(redis: Redis): boolean {
  return redis.status !== 'reconnecting' && redis.status !== 'end';
}

function untilEvent(redis: Redis, name: 'close' | 'end'): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, SETTLE_MS);
    redis.once(name, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function reportOutages(redis: Redis, name: string): void {
  const logger = new Logger('Redis');
  let isDown = false;
  redis.on('error', (error) => {
    if (!isDown) {
      isDown = true;
      logger.warn(`connection "${name}" is down, trying again: ${error.message}`);
    }
  });
  redis.on('ready', () => {
    if (isDown) {
      isDown = false;
      logger.log(`connection "${name}" is back`);
    }
  });
}
