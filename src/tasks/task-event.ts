import type { TaskStatus } from './task-status.js';

/** A stored step in a task's life. `seq` counts 1, 2, 3 … per task, without gaps. */
export interface TaskEvent {
  taskId: string;
  seq: number;
  type: 'progress' | 'completion' | 'error' | 'cancelled';
  /** What the type adds on the wire: `status`, and `progress` and `data`, `results` or `error`. */
  body: { status: TaskStatus } & Record<string, unknown>;
  createdAt: Date;
}

/** How an event travels between processes: JSON has no dates. */
export type PublishedEvent = Omit<TaskEvent, 'createdAt'> & { createdAt: string };

/** The bus topic that carries a task's events. */
export function topicOf(taskId: string): string {
  return `task:${taskId}`;
}

export function isTerminalEvent(event: Pick<TaskEvent, 'type'>): boolean {
  return event.type !== 'progress';
}

/**
 * The event as clients see it, in the WebSocket stream and in the stored list alike.
 *
 * Messages of an analysis also bear `analysis_id`, the same value as `task_id`.
 */
export function toWire(kind: string, event: TaskEvent): Record<string, unknown> {
  return {
    type: event.type,
    seq: event.seq,
    task_id: event.taskId,
    ...(kind === 'analysis' && { analysis_id: event.taskId }),
    ...event.body,
    timestamp: event.createdAt.toISOString(),
  };
}
