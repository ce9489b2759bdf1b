import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import {
  closeRedis,
  DEFAULT_KEY_PREFIX,
  openRedis,
  untilReady,
  type RedisSettings,
} from '../redis/redis-connection.js';
import { EventBus, type EventListener, type Unsubscribe } from './event-bus.js';
import { TopicListeners } from './topic-listeners.js';

const START_MS = 2_000;

/** Redis pub/sub: one connection sends, one listens; each topic is subscribed once a process. */
@Injectable()
export class RedisEventBus extends EventBus implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisEventBus.name);
  private readonly topics = new TopicListeners();
  private readonly channelPrefix: string;
  private readonly sender: Redis;
  private readonly receiver: Redis;
  private closing: Promise<unknown> | undefined;

  /** Connects, and gives up waiting (not trying) after two seconds. */
  static async connect(settings: RedisSettings): Promise<RedisEventBus> {
    const bus = new RedisEventBus(settings);
    await Promise.all([untilReady(bus.sender, START_MS), untilReady(bus.receiver, START_MS)]);
    return bus;
  }

  constructor({ redisUrl, keyPrefix = DEFAULT_KEY_PREFIX }: RedisSettings) {
    super();
    this.channelPrefix = `${keyPrefix}:bus:`;
    this.sender = openRedis(redisUrl, 'event bus sender', 'commands');
    this.receiver = openRedis(redisUrl, 'event bus receiver', 'subscriber');
    this.receiver.on('message', (channel, text) => {
      this.topics.deliver(channel.slice(this.channelPrefix.length), text);
    });
    this.receiver.on('ready', () => void this.resubscribe());
  }

  override async publish(topic: string, message: unknown): Promise<void> {
    await this.sender.publish(this.channelPrefix + topic, JSON.stringify(message));
  }

  /** @throws when Redis can't be reached: a subscription that isn't live must not look so. */
  override async subscribe(topic: string, listener: EventListener): Promise<Unsubscribe> {
    const channel = this.channelPrefix + topic;
    const remove = this.topics.add(topic, listener);
    const unsubscribe = async (): Promise<void> => {
      remove();
      if (!this.topics.has(topic)) {
        // Fails only without a connection, and the next one subscribes to what is still listened to.
        await this.receiver.unsubscribe(channel).catch(() => undefined);
      }
    };
    try {
      // Each time, not for the first alone: the answer proves that the subscription is live now.
      await this.receiver.subscribe(channel);
    } catch (error) {
      await unsubscribe();
      throw new Error('the event bus is not reachable', { cause: error });
    }
    return unsubscribe;
  }

  override async isHealthy(): Promise<boolean> {
    try {
      await Promise.all([this.sender.ping(), this.receiver.ping()]);
      return true;
    } catch {
      return false; // that is the answer
    }
  }

  override async close(): Promise<void> {
    this.topics.clear();
    this.closing ??= Promise.all([closeRedis(this.sender), closeRedis(this.receiver)]);
    await this.closing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async resubscribe(): Promise<void> {
    const channels = this.topics.names().map((topic) => this.channelPrefix + topic);
    if (channels.length === 0) {
      return;
    }
    try {
      await this.receiver.subscribe(...channels);
    } catch (error) {
      // A live connection without its subscriptions would be deaf for good: the next one tries again.
      this.logger.warn('could not subscribe again, reconnecting', error);
      this.receiver.disconnect(true);
    }
  }
}
