/** Why a build ended before its work was done. */
export type StopReason =
  | 'max_calls'
  | 'max_tokens'
  | 'max_cost_usd'
  | 'max_seconds'
  | 'max_attempts'
  | 'stuck'
  | 'not_understood'
  | 'not_supported'
  | 'context_overflow'
  | 'provider_refused'
  | 'provider_quota'
  | 'provider_unavailable';

/** The work on a build can't go on. What was made so far is kept; the message is for the user. */
export class BuildStopped extends Error {
  override name = 'BuildStopped';

  constructor(
    readonly reason: StopReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
