export type EventListener = (message: unknown) => void;

/** Ends a subscription; resolves when no further message can come. */
export type Unsubscribe = () => Promise<void>;

/**
 * Carries messages to every process that listens, while it listens: nothing is stored, so whoever must not miss
 * one reads the log in PostgreSQL after subscribing.
 */
export abstract class EventBus {
  /** Sends a JSON value. Order is kept per topic and sender. @throws when the broker can't be reached. */
  abstract publish(topic: string, message: unknown): Promise<void>;

  /** Resolves when live: what is published after that arrives. A throwing listener harms nobody else. */
  abstract subscribe(topic: string, listener: EventListener): Promise<Unsubscribe>;

  /** Never rejects. */
  abstract isHealthy(): Promise<boolean>;

  abstract close(): Promise<void>;
}
