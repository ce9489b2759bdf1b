import { Redis } from 'ioredis';
import { StartupError } from '../../common/startup-error.js';

const LIMIT_MS = 5_000;

/**
 * Once, at start: later the connections heal by themselves, but a wrong address would never.
 * @throws StartupError
 */
export async function checkRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT_MS,
    commandTimeout: LIMIT_MS,
    retryStrategy: () => null,
  });
  // The rejection only says that the connection is closed; this says why.
  let cause: Error | undefined;
  redis.on('error', (error) => (cause = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const reason = cause?.message ?? String(error);
    throw new StartupError(
      `The Redis server in REDIS_URL can't be used (${reason}): check the address, or unset it to run in one process`,
      { cause: error },
    );
  } finally {
    redis.disconnect();
  }
}
