import type { Redis } from 'ioredis';

const TICK_MS = 1_000;
const QUIET_TICKS_ALLOWED = 4;

/**
 * Cuts a connection whose peer has gone without a word (a lost host, a dropped NAT entry), so that it reconnects
 * within about five seconds; TCP alone takes many minutes and a worker would be deaf as long.
 *
 * ioredis' own `socketTimeout` is not used: its timer outlives the socket it was set for, and then cuts the healthy
 * one that followed or keeps a stopping process alive.
 */
export function watchForSilence(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  redis.on('connect', () => {
    timer = watchSocket(redis);
  });
  redis.on('close', () => clearInterval(timer));
}

function watchSocket(redis: Redis): NodeJS.Timeout {
  const { stream } = redis;
  let heardBytes = 0;
  let quietTicks = 0;
  return setInterval(() => {
    if (stream.bytesRead !== heardBytes) {
      heardBytes = stream.bytesRead;
      quietTicks = 0;
      return;
    }
    quietTicks += 1;
    // Ticks, not time: after a blocked event loop the answer may lie unread, and one late tick proves nothing.
    if (quietTicks > QUIET_TICKS_ALLOWED) {
      stream.destroy(new Error('no answer, connection cut'));
    } else if (redis.status === 'ready') {
      redis.ping().catch(() => undefined); // the next ticks notice
    }
  }, TICK_MS).unref();
}
