import { Injectable } from '@nestjs/common';
import { EventBus, type EventListener, type Unsubscribe } from './event-bus.js';
import { TopicListeners } from './topic-listeners.js';

/** For one process. Messages go through JSON as they would on a wire, so that no listener can change a sender's object. */
@Injectable()
export class MemoryEventBus extends EventBus {
  private readonly topics = new TopicListeners();
  private isClosed = false;

  override publish(topic: string, message: unknown): Promise<void> {
    if (this.isClosed) {
      return Promise.reject(new Error('the event bus is closed'));
    }
    if (this.topics.has(topic)) {
      const text = JSON.stringify(message);
      // Not in the sender's stack: a listener may publish, unsubscribe or take long.
      queueMicrotask(() => this.topics.deliver(topic, text));
    }
    return Promise.resolve();
  }

  override subscribe(topic: string, listener: EventListener): Promise<Unsubscribe> {
    if (this.isClosed) {
      return Promise.reject(new Error('the event bus is closed'));
    }
    const remove = this.topics.add(topic, listener);
    return Promise.resolve(() => {
      remove();
      return Promise.resolve();
    });
  }

  override isHealthy(): Promise<boolean> {
    return Promise.resolve(!this.isClosed);
  }

  override close(): Promise<void> {
    this.isClosed = true;
    this.topics.clear();
    return Promise.resolve();
  }
}
