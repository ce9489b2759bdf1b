import { lstat, readdir } from 'node:fs/promises';

/** Measures a folder on disk again and again, since nothing bounds it there; a walk takes its time, so it is no watchdog's tick. */
export class FolderMeter {
  usage = { bytes: 0, inodes: 0 };
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly folder: string,
    private readonly maxInodes: number,
  ) {
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      void this.walk().finally(() => this.stopped || this.schedule());
    }, EVERY_MS);
  }

  private async walk(): Promise<void> {
    const found = { bytes: 0, inodes: 0 };
    const folders = [this.folder];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      // What vanishes or is closed to us while we walk doesn't count.
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const path = `${folder}/${entry.name}`;
        const stats = await lstat(path).catch(() => null);
        found.bytes += (stats?.blocks ?? 0) * 512;
        found.inodes += 1;
        if (entry.isDirectory()) {
          folders.push(path);
        }
        if (found.inodes > this.maxInodes || this.stopped) {
          break;
        }
      }
    }
    this.usage = found;
  }
}

const EVERY_MS = 200;
