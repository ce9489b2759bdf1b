import { access, constants, statfs } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { AppConfig } from '../../config/app-config.js';
import { DISK_CACHE_MS, PROBE_TIMEOUT_MS } from './probe-limits.js';

/** Below it, a build's workspace, its toolchain or the embedded database may hit the end of the disk half-way. */
const MIN_FREE_BYTES = 200 * 1024 * 1024;

/** Whether a worker can write where it keeps its things. */
@Injectable()
export class DiskIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly config: AppConfig,
  ) {}

  check(): PromiseLike<HealthIndicatorResult> {
    return this.indicators
      .check('disk')
      .attempt(async () => {
        const problem = await diskProblem(this.config.dataDir, MIN_FREE_BYTES);
        if (problem) {
          throw new Error(problem);
        }
      })
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(DISK_CACHE_MS);
  }
}

/** What keeps this process from using the folder, without its path; `null`: nothing. */
export async function diskProblem(folder: string, minFreeBytes: number): Promise<string | null> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize, files, ffree } = await statfs(folder);
    if (bavail * bsize < minFreeBytes) {
      return `less than ${Math.round(minFreeBytes / 1024 ** 2)} MiB free in DATA_DIR`;
    }
    // Some file systems count no inodes and report 0 of 0.
    return files > 0 && ffree === 0 ? 'no inodes left in DATA_DIR' : null;
  } catch {
    return 'DATA_DIR is not writable';
  }
}
