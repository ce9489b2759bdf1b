import { z } from 'zod';

/**
 * How a setting's text becomes a value. Messages name what is allowed and never repeat the value: it may be a
 * secret.
 */
export const text = z.string().min(1, 'must not be empty');

export const flag = z
  .enum(['on', 'off'], { error: 'must be on or off' })
  .transform((value) => value === 'on');

/** A whole number between `min` and `max`, both included. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  const message = `must be a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** An amount that need not be whole, such as a price. */
export function decimal() {
  return z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a number such as 2.5')
    .transform(Number);
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

/** `15m`, `24h`, `7d`: an amount with its unit; the value is in seconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,8}(s|m|h|d)$/, 'must be a number with a unit s, m, h or d, such as 24h')
  .transform((value) => {
    const seconds = { s: 1, m: 60, h: 3600, d: 86400 }[value.at(-1) as 's' | 'm' | 'h' | 'd'];
    return Number(value.slice(0, -1)) * seconds;
  });

/** A number of bytes, or one with a unit: `1MiB`, `50MiB`. */
export const bytes = z
  .string()
  .regex(/^[1-9]\d{0,12}(KiB|MiB|GiB)?$/, 'must be a number of bytes, or one with KiB, MiB or GiB')
  .transform((value) => {
    const unit = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[/[KMG]/.exec(value)?.[0] ?? ''] ?? 1;
    return Number.parseInt(value, 10) * unit;
  });

export function url(protocols: string[]) {
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
}

export const origins = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine(
    (values) =>
      values.every((value) => URL.canParse(value) && new URL(value).origin === value.toLowerCase()),
    'must be comma-separated origins such as https://app.example.com (no path, no *)',
  );

/**
 * Express `trust proxy`: a number of hops or addresses and subnets. Never `true`: the client could then name its
 * own address and so choose its own rate limit.
 */
export const trustProxy = z
  .string()
  .regex(/^(\d{1,2}|[\da-fA-F:.,/ ]+|(loopback|linklocal|uniquelocal)(, ?\w+)*)$/, {
    error: 'must be a number of proxies, or comma-separated addresses and subnets',
  })
  .transform((value) => (/^\d+$/.test(value) ? Number(value) : value));
