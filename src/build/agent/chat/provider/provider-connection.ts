/** One request may take this long; answers come whole, so that long ones take a while. */
const REQUEST_TIMEOUT_MS = 5 * 60_000;
const MAX_TEXT = 4_000;

/** The provider answered, and not with 2xx. */
export interface Refusal {
  status: number;
  /** Its `Retry-After`; `undefined`: it named no time. */
  retryAfterMs: number | undefined;
  /** The beginning of its answer. */
  text: string;
}

/**
 * The way of one build's requests to its provider, whichever library makes them: they all end with the build, and
 * a refusal is kept here as it came, before each library wraps it in errors of its own.
 */
export class ProviderConnection {
  private last: Refusal | undefined;
  private timeoutMs = REQUEST_TIMEOUT_MS;
  /** Of the latest request; held here, as `AbortSignal.any` doesn't, and one that is collected never fires. */
  private limit: AbortSignal | undefined;

  constructor(private readonly signal: AbortSignal) {}

  /** The refusal of the latest request, once; `undefined`: it wasn't refused. */
  takeRefusal(): Refusal | undefined {
    const refusal = this.last;
    this.last = undefined;
    return refusal;
  }

  /** Requests end after so much time, however much more they might have. */
  limitTo(ms: number): void {
    this.timeoutMs = Math.max(1, Math.min(REQUEST_TIMEOUT_MS, Math.ceil(ms)));
  }

  /** Stands in for the global `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    this.limit = AbortSignal.timeout(this.timeoutMs);
    const signals = [this.signal, this.limit];
    if (init?.signal) {
      signals.push(init.signal);
    }
    const response = await globalThis.fetch(input, { ...init, signal: AbortSignal.any(signals) });
    if (response.ok) {
      return response;
    }
    this.last = {
      status: response.status,
      retryAfterMs: readRetryAfter(response.headers.get('retry-after')),
      text: (await response.text()).slice(0, MAX_TEXT),
    };
    // The libraries would read the answer again, and one of them prints what it can't read.
    throw new Error(`The model provider answered ${response.status}`);
  };
}

/** Seconds or a date (RFC 9110, 10.2.3). */
export function readRetryAfter(value: string | null): number | undefined {
  if (!value?.trim()) {
    return undefined;
  }
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
