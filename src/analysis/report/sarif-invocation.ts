import type { Invocation, Notification } from 'sarif';
import { toFileLocation } from './sarif-locations.js';

/** Beyond these, the count alone tells. */
const MAX_SKIPPED = 1_000;

interface Run {
  startedAt: Date | null;
  finishedAt: Date | null;
  engines: readonly {
    name: string;
    status: 'completed' | 'failed' | 'skipped';
    reason: string | null;
    skipped: readonly { file: string; reason: string }[];
  }[];
  findings: readonly unknown[];
  findingsTotal: number;
  notes: readonly string[];
}

/** How the analysis went: whoever reads "no results" must be able to see that an engine failed. */
export function toInvocation(run: Run): Invocation {
  return {
    executionSuccessful: run.engines.every(({ status }) => status !== 'failed'),
    ...(run.startedAt && { startTimeUtc: run.startedAt.toISOString() }),
    ...(run.finishedAt && { endTimeUtc: run.finishedAt.toISOString() }),
    toolExecutionNotifications: [
      ...run.engines.flatMap(ofEngine),
      ...ofSkippedFiles(run.engines),
      ...run.notes.map((text) => notification('note', text)),
      ...ofMissing(run.findingsTotal - run.findings.length),
    ],
  };
}

function ofEngine({ name, status, reason }: Run['engines'][number]): Notification[] {
  switch (status) {
    case 'failed':
      return [notification('error', `${name} failed: ${reason ?? 'for an unknown reason'}`)];
    case 'skipped':
      return [notification('warning', `${name} did not run: ${reason ?? 'nothing to look at'}`)];
    case 'completed':
      return reason === null ? [] : [notification('warning', `${name}: ${reason}`)];
  }
}

function ofSkippedFiles(engines: Run['engines']): Notification[] {
  const skipped = engines.flatMap(({ name, skipped: files }) =>
    files.map(({ file, reason }) => ({ name, file, reason })),
  );
  const told = skipped.slice(0, MAX_SKIPPED).map(({ name, file, reason }) => ({
    ...notification('warning', `${name} skipped a file: ${reason}`),
    locations: [toFileLocation(file)],
  }));
  const left = skipped.length - told.length;
  return left === 0 ? told : [...told, notification('warning', `${left} more files were skipped.`)];
}

function ofMissing(count: number): Notification[] {
  return count > 0
    ? [notification('warning', `${count} more findings are left out of this log.`)]
    : [];
}

function notification(level: Notification['level'], text: string): Notification {
  return { level, message: { text } };
}
