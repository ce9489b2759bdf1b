import { createHash } from 'node:crypto';
import { BuildStopped } from '../build-stopped.js';
import type { ToolRequest } from '../code-model.js';

const REPEATS = 3;

/** Notices a model that goes round in circles: the same call with the same result, or two that take turns. */
export class StuckDetector {
  /** @param seen As an earlier process told of it. */
  constructor(private readonly seen: string[] = []) {}

  /** The latest calls with their results. */
  latest(): string[] {
    return [...this.seen];
  }

  /** @throws BuildStopped at the third time of one call, or of two alternating ones */
  note(request: ToolRequest, result: string): void {
    this.seen.push(signature(request, result));
    this.seen.splice(0, this.seen.length - 2 * REPEATS);
    if (this.isPeriodic(1) || this.isPeriodic(2)) {
      throw new BuildStopped(
        'stuck',
        'The model was stuck: it made the same calls with the same results again and again',
      );
    }
  }

  private isPeriodic(period: number): boolean {
    const latest = this.seen.slice(-period * REPEATS);
    return (
      latest.length === period * REPEATS &&
      latest.every((each, index) => each === latest[index % period])
    );
  }
}

function signature({ name, args }: ToolRequest, result: string): string {
  // Addresses of objects in tracebacks differ from run to run.
  const stable = result.replace(/0x[0-9a-f]+/g, '0x');
  return createHash('sha256')
    .update(JSON.stringify([name, args, stable]))
    .digest('base64');
}
