import { availableParallelism } from 'node:os';
import { ProcessUsage } from './process-usage.js';

describe(ProcessUsage.name, () => {
  it('measures memory and the time since the process began', () => {
    const usage = new ProcessUsage().read();
    expect(usage.memoryPercent).toBeGreaterThan(0);
    expect(usage.memoryPercent).toBeLessThan(100);
    expect(Math.abs(usage.uptimeSeconds - process.uptime())).toBeLessThan(2);
  });

  it('measures the CPU time since the sample before, of all cores', () => {
    const usage = new ProcessUsage();
    const startedAt = performance.now();
    usage.read(startedAt);
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < 300_000) {
      // Uses the CPU.
    }
    const { user, system } = process.cpuUsage(before);
    // As if exactly ten seconds had passed.
    const { cpuPercent } = usage.read(startedAt + 10_000);
    const expected = (user + system) / 10_000_000 / availableParallelism();
    expect(cpuPercent).toBeGreaterThanOrEqual(Math.round(expected * 1000) / 10);
    expect(cpuPercent).toBeLessThan(100);
  });

  it('shares a sample between reads that come close together', () => {
    const usage = new ProcessUsage();
    const { cpuPercent } = usage.read(1_000_000);
    expect(usage.read(1_000_999).cpuPercent).toBe(cpuPercent);
  });
});
