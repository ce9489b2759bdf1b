import type { WatchedTask } from './stream-admission.js';

/** The greeting of an admitted client. It is not stored and has no `seq`; `since` is what the client gave. */
export function connectedEvent({ id, kind }: WatchedTask, since: number): object {
  return {
    type: 'connected',
    task_id: id,
    ...(kind === 'analysis' && { analysis_id: id }),
    message: `Connected to ${kind} updates`,
    since,
    timestamp: new Date().toISOString(),
  };
}
