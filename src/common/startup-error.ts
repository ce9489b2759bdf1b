/** Ends the start: one clear line for the operator that names the setting and the remedy; printed without a stack. */
export class StartupError extends Error {
  override name = 'StartupError';
}
