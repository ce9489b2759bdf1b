import { BuildStopped } from '../../build-stopped.js';
import { cutText, storableText } from '../../storable.js';
import type { Refusal } from './provider-connection.js';

/** What a failed request means for the build. */
export type Trouble =
  /** The same request may succeed later. */
  | { kind: 'wait'; afterMs: number | undefined; text: string; isConnection: boolean }
  /** Only a shorter one may. */
  | { kind: 'overflow' }
  | { kind: 'stop'; stopped: BuildStopped };

const OVERFLOW =
  /context[ _-]?(length|window|size)|maximum context|prompt is too long|too many (input )?tokens|input tokens exceed|request too large/i;
const QUOTA = /insufficient[ _-]?quota|exceeded your current quota|billing|credit balance/i;
const TRANSIENT = new Set([408, 409, 425, 429]);

/**
 * @param refusal `undefined`: no answer came, or none that could be read.
 * @param secret Never repeated, should the provider's answer hold it.
 */
export function troubleOf(
  refusal: Refusal | undefined,
  cause: unknown,
  secret: string | undefined,
): Trouble {
  if (!refusal) {
    const text = "The model provider can't be reached, or gave no readable answer";
    return { kind: 'wait', afterMs: undefined, text, isConnection: true };
  }
  const { status, text } = refusal;
  if (status === 401 || status === 403) {
    return stop(
      'provider_refused',
      `The model provider refused the key (${status}): check LLM_API_KEY`,
      cause,
    );
  }
  if (status === 402 || (status === 429 && QUOTA.test(text))) {
    return stop(
      'provider_quota',
      `The model provider's account has no quota left (${status})`,
      cause,
    );
  }
  if ((status === 400 || status === 413 || status === 422) && OVERFLOW.test(text)) {
    return { kind: 'overflow' };
  }
  if (status === 413) {
    return { kind: 'overflow' };
  }
  if (TRANSIENT.has(status) || status >= 500) {
    return {
      kind: 'wait',
      afterMs: refusal.retryAfterMs,
      text: `The model provider is busy (${status})`,
      isConnection: false,
    };
  }
  if (status === 404) {
    return stop(
      'provider_refused',
      'The model provider knows no such model or address (404): check LLM_MODEL and LLM_BASE_URL',
      cause,
    );
  }
  return stop(
    'provider_refused',
    `The model provider refused the request (${status}): ${toldReason(text, secret)}`,
    cause,
  );
}

function stop(
  reason: 'provider_refused' | 'provider_quota',
  message: string,
  cause: unknown,
): Trouble {
  return { kind: 'stop', stopped: new BuildStopped(reason, message, { cause }) };
}

function toldReason(text: string, secret: string | undefined): string {
  const told = storableText(text).replace(/\s+/g, ' ');
  return cutText(secret ? told.replaceAll(secret, '[key]') : told, 300);
}
