import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line written while a request is served can tell of it. */
export interface RequestContext {
  requestId: string;
}

/** Follows a request through everything it awaits. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
