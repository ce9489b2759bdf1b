import type { Redis } from 'ioredis';

/**
 * What about this Redis could lose deliveries: eviction, or nothing written to disk. No task is lost by either
 * (its row is dispatched again), but each costs a delay. Empty also where the server doesn't tell.
 */
export async function durabilityWarnings(redis: Redis): Promise<string[]> {
  const info = await redis.info().catch(() => '');
  const warnings: string[] = [];
  const policy = policyIn(info);
  if (mayEvict(policy)) {
    warnings.push(`Redis may drop queued jobs: set maxmemory-policy noeviction (it is ${policy})`);
  }
  if (/^aof_enabled:0/m.test(info)) {
    warnings.push('Redis forgets queued jobs when it restarts: set appendonly yes');
  }
  return warnings;
}

/** Whether this Redis would rather drop queued jobs than refuse new ones. `false` also where it doesn't tell. */
export async function evictsKeys(redis: Redis): Promise<boolean> {
  return mayEvict(policyIn(await redis.info('memory').catch(() => '')));
}

function policyIn(info: string): string | undefined {
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
}

function mayEvict(policy: string | undefined): boolean {
  return policy !== undefined && policy !== 'noeviction';
}
