import { availableParallelism, totalmem } from 'node:os';
import { Injectable } from '@nestjs/common';

/** Reads closer together than this share one sample: two of them would measure each other. */
const MIN_SAMPLE_MS = 1_000;

export interface Usage {
  uptimeSeconds: number;
  /** Resident memory, of the container's limit or, without one, of the machine's memory. */
  memoryPercent: number;
  /** CPU time since the previous sample (at first: since the process began), of all cores it may use. */
  cpuPercent: number;
}

/** What this process uses, measured when it is asked for. */
@Injectable()
export class ProcessUsage {
  private cpu = { user: 0, system: 0 };
  /** On the clock that began with the process, as its CPU time did. */
  private sampledAt = 0;
  private cpuPercent = 0;

  read(nowMs = performance.now()): Usage {
    if (nowMs - this.sampledAt >= MIN_SAMPLE_MS || this.sampledAt === 0) {
      this.sample(nowMs);
    }
    return {
      uptimeSeconds: Math.floor(nowMs / 1000),
      memoryPercent: percent(process.memoryUsage.rss(), memoryLimit()),
      cpuPercent: this.cpuPercent,
    };
  }

  private sample(nowMs: number): void {
    const { user, system } = process.cpuUsage(this.cpu);
    const available = (nowMs - this.sampledAt) * 1000 * availableParallelism();
    this.cpuPercent = percent(user + system, available);
    this.cpu = { user: this.cpu.user + user, system: this.cpu.system + system };
    this.sampledAt = nowMs;
  }
}

/** In bytes. Without a limit, `constrainedMemory` is 0 or more than any machine has. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** With one decimal, 0 to 100: clocks of different kinds may differ by a little. */
function percent(part: number, whole: number): number {
  return Math.min(100, Math.round((part / whole) * 1000) / 10);
}
