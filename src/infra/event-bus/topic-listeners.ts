import { Logger } from '@nestjs/common';
import type { EventListener } from './event-bus.js';

interface Entry {
  listener: EventListener;
}

/** Who listens to which topic in this process. */
export class TopicListeners {
  private readonly logger = new Logger('EventBus');
  private readonly topics = new Map<string, Set<Entry>>();

  has(topic: string): boolean {
    return this.topics.has(topic);
  }

  names(): string[] {
    return [...this.topics.keys()];
  }

  /** The same function may listen twice. The returned function removes this one; again is harmless. */
  add(topic: string, listener: EventListener): () => void {
    const entries = this.topics.get(topic) ?? new Set<Entry>();
    const entry = { listener };
    entries.add(entry);
    this.topics.set(topic, entries);
    return () => {
      // Only while it is still the topic's own set: a later one of the same name is somebody else's.
      if (entries.delete(entry) && entries.size === 0 && this.topics.get(topic) === entries) {
        this.topics.delete(topic);
      }
    };
  }

  clear(): void {
    for (const entries of this.topics.values()) {
      entries.clear();
    }
    this.topics.clear();
  }

  /** Parses once for all listeners of the topic. Those removed meanwhile, by one before them too, get nothing. */
  deliver(topic: string, text: string): void {
    const entries = this.topics.get(topic);
    if (!entries) {
      return;
    }
    const message: unknown = JSON.parse(text);
    for (const entry of [...entries]) {
      if (entries.has(entry)) {
        this.call(topic, entry.listener, message);
      }
    }
  }

  private call(topic: string, listener: EventListener, message: unknown): void {
    try {
      listener(message);
    } catch (error) {
      this.logger.error(`a listener of ${topic} failed`, error);
    }
  }
}
