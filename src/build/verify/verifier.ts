import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Sandbox, type SandboxCommand, type SandboxResult } from '../../infra/sandbox/sandbox.js';
import { MalformedReport, type Check, type CheckOutcome } from './check.js';

export interface Verification {
  passed: boolean;
  checks: CheckOutcome[];
}

/** What a run of checks needs besides the checks themselves. */
export interface VerificationSetup {
  files: ReadonlyMap<string, Buffer>;
  mounts: SandboxCommand['mounts'];
  trust: SandboxCommand['trust'];
}

/** The text that a build fails with where a command passed its time limit; the API document's own. */
export const TIMEOUT_TEXT = 'Command execution timeout';

/** Runs a project's checks, each in a sandbox of its own, side by side. */
@Injectable()
export class Verifier {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly config: AppConfig,
  ) {}

  /**
   * @param onEnd Called once a check, in the order they end.
   * @returns The outcomes in the order of `checks`.
   * @throws the signal's reason when aborted; by then everything that ran is dead.
   */
  async verify(
    checks: Check[],
    setup: VerificationSetup,
    signal: AbortSignal,
    onEnd: (outcome: CheckOutcome) => Promise<void>,
  ): Promise<Verification> {
    // One check's broken progress report must not leave the others running behind our back.
    const abort = new AbortController();
    const runs = checks.map(async (check) => {
      try {
        const outcome = await this.runCheck(check, setup, AbortSignal.any([signal, abort.signal]));
        signal.throwIfAborted();
        await onEnd(outcome);
        return outcome;
      } catch (error) {
        abort.abort(error);
        throw error;
      }
    });
    await Promise.allSettled(runs);
    const outcomes = await Promise.all(runs);
    return { passed: outcomes.every((outcome) => outcome.passed), checks: outcomes };
  }

  private async runCheck(
    check: Check,
    setup: VerificationSetup,
    signal: AbortSignal,
  ): Promise<CheckOutcome> {
    const result = await this.sandbox.run(
      {
        argv: check.argv,
        env: { LANG: 'C.UTF-8', ...check.env },
        files: setup.files,
        mounts: setup.mounts,
        limits: { timeoutMs: this.config.work.commandTimeoutMs },
        trust: setup.trust,
      },
      signal,
    );
    return {
      name: check.name,
      command: check.argv.join(' '),
      exitCode: result.exitCode,
      durationMs: Math.round(result.durationMs),
      stopped: result.stopped,
      output: outputOf(result),
      ...readReport(check, result),
    };
  }
}

function readReport(check: Check, result: SandboxResult) {
  if (result.stopped) {
    const problem =
      result.stopped === 'timeout' ? TIMEOUT_TEXT : `Stopped: ${result.stopped} limit`;
    return { passed: false, report: { problem } };
  }
  try {
    return check.read(result);
  } catch (error) {
    if (error instanceof MalformedReport) {
      return { passed: false, report: { problem: error.message } };
    }
    throw error;
  }
}

function outputOf(result: SandboxResult): string {
  const mark = result.outputTruncated ? '\n[cut]' : '';
  return `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}${mark}`.replaceAll(
    '\0',
    '',
  );
}
