import type { Analyzer, EngineReport } from '../analyzers/analyzer.js';
import { answerKey, type EngineAnswer } from './engine-answers.js';

/** What one answer is about: a file, or the whole tree. */
export interface Part {
  key: Buffer;
  files: [path: string, content: Buffer][];
}

/** What an engine is asked, one answer each. */
export function partsOf(
  { name, scope }: Analyzer,
  version: string,
  files: ReadonlyMap<string, Buffer>,
): Part[] {
  const all = [...files];
  const parts = scope === 'tree' ? [all] : all.map((file) => [file]);
  return parts.map((part) => ({ key: answerKey(name, version, part), files: part }));
}

/** Of a report on several parts, what it says of one. */
export function answerFor(files: Part['files'], report: EngineReport): EngineAnswer {
  const paths = new Set(files.map(([path]) => path));
  const skipped = report.skipped.filter(({ file }) => paths.has(file));
  return {
    findings: report.findings.filter(({ file }) => paths.has(file)),
    ...(report.duplicatedLines && { duplicatedLines: report.duplicatedLines }),
    ...(skipped.length > 0 && { skipped }),
    ...(report.remark && { remark: report.remark }),
  };
}

/** All of them as one. */
export function merged(answers: readonly EngineAnswer[]): EngineAnswer {
  const findings = answers.flatMap((answer) => answer.findings);
  const counts = answers.flatMap(({ duplicatedLines }) =>
    duplicatedLines ? [duplicatedLines] : [],
  );
  const remark = answers.find((answer) => answer.remark)?.remark;
  return {
    findings,
    ...(counts.length > 0 && {
      duplicatedLines: Object.fromEntries(counts.flatMap(Object.entries<number>)),
    }),
    ...(remark && { remark }),
  };
}
