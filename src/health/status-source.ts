import { Injectable } from '@nestjs/common';

export interface ToolchainStatus {
  status: 'ready' | 'preparing' | 'unavailable';
  version?: string;
  /** For an operator: why it is not ready, and the remedy. Shown to everybody. */
  reason?: string;
}

/** A toolchain that a feature keeps, as `/api/health/status` shows it. */
export abstract class StatusSource {
  /** Its key under `toolchains`, such as `python`. */
  abstract readonly name: string;

  /** Called on every status request: answers from memory, and never throws. */
  abstract read(): ToolchainStatus;
}

/** Where features register what they want shown; health itself knows none of them. */
@Injectable()
export class StatusSources {
  private readonly sources = new Map<string, StatusSource>();

  register(source: StatusSource): void {
    if (this.sources.has(source.name)) {
      throw new Error(`Two status sources named ${source.name}`);
    }
    this.sources.set(source.name, source);
  }

  readAll(): Record<string, ToolchainStatus> {
    return Object.fromEntries([...this.sources].map(([name, source]) => [name, source.read()]));
  }
}
