import type { WaitedFor } from './code-model.js';

/** The model's provider wants to be left alone for longer than a worker should be kept waiting. */
export class BuildParked extends Error {
  override name = 'BuildParked';

  constructor(
    /** For a person watching. */
    message: string,
    readonly waitMs: number,
    readonly waited: WaitedFor,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
