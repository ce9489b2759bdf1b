import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { spawnRedis, type RedisProcess } from '../support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** A Redis to be harmed: the product reaches it through a proxy, and finds it at the same address after each restart. */
export class RedisService {
  private server: RedisProcess | null = null;

  private constructor(
    private readonly folder: string,
    private args: string[],
    readonly proxy: TcpProxy,
  ) {}

  /** @param args Of redis-server, such as its persistence or eviction. */
  static async start(args: string[] = []): Promise<RedisService> {
    const folder = await mkdtemp(join(tmpdir(), 'goalsmith-redis-'));
    const proxy = await startTcpProxy({ path: join(folder, 'socket') });
    const service = new RedisService(folder, args, proxy);
    await service.restart();
    return service;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.proxy.port}`;
  }

  /** Ends it as a crash does; what it had on disk stays. */
  async crash(): Promise<void> {
    await this.server?.kill();
    this.server = null;
  }

  /** Starts it with what it has on disk, from now on with these arguments. */
  async restart(args = this.args): Promise<void> {
    this.args = args;
    await this.crash();
    const where = ['--port', '0', '--unixsocket', join(this.folder, 'socket')];
    this.server = await spawnRedis(this.folder, [...where, ...this.args]);
    if (!this.server) {
      throw new Error('redis-server does not start');
    }
  }

  /** Asks it past the proxy. */
  async command(name: string, ...args: string[]): Promise<unknown> {
    const redis = new Redis({ path: join(this.folder, 'socket'), lazyConnect: true });
    try {
      await redis.connect();
      return await redis.call(name, ...args);
    } finally {
      redis.disconnect();
    }
  }

  async stop(): Promise<void> {
    await this.crash();
    await this.proxy.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
