import { OnQueueError, OnQueueFailed, OnQueueStalled, Process, Processor } from '@nestjs/bull';
import { Logger, type Type } from '@nestjs/common';
import type { Job } from 'bull';
import { BullTaskQueue, TASKS_QUEUE } from './bull-task-queue.js';

/**
 * The Bull processor of a working process. A class of its own for every start, because `@Process` wants its
 * concurrency when the class is made and ours is a setting.
 */
export function taskProcessorWith(concurrency: number): Type<object> {
  @Processor(TASKS_QUEUE)
  class TaskProcessor {
    private readonly logger = new Logger(TaskProcessor.name);

    constructor(private readonly queue: BullTaskQueue) {}

    @Process({ concurrency })
    process(job: Job<unknown>): Promise<void> {
      return this.queue.deliver(job.data);
    }

    /** The row of the task tells its story; the lane goes on. A job that is gone comes as `null`. */
    @OnQueueFailed()
    onFailed(job: Job<unknown> | null, error: Error): void {
      this.logger.error(`handler of ${describe(job?.data)} failed`, error.stack);
    }

    @OnQueueStalled()
    onStalled(job: Job<unknown>): void {
      this.logger.warn(`${describe(job.data)} lost its worker and is delivered again`);
    }

    /** Mostly outages, which the connections report once each. */
    @OnQueueError()
    onError(error: Error): void {
      this.logger.debug(error.message);
    }
  }
  return TaskProcessor;
}

function describe(data: unknown): string {
  return JSON.stringify(data) ?? 'a job that is gone';
}
