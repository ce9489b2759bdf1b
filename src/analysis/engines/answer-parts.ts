import type { Analyzer, EngineReport } from '../analyzers/analyzer.js';
import type { Finding } from '../findings/finding.js';
import { answerKey, digestsOf, type EngineAnswer } from './engine-answers.js';

/** What one answer is about: a file, or the whole tree. */
export interface Part {
  key: Buffer;
  files: [path: string, content: Buffer][];
}

/** What an engine is asked in one go, with the key of its answer: of all that the answer depends on. */
export function partsOf(
  analyzer: Analyzer,
  version: string,
  files: ReadonlyMap<string, Buffer>,
): Part[] {
  const all = [...files];
  if (analyzer.scope === 'tree') {
    return [{ key: answerKey(analyzer.name, version, all), files: all }];
  }
  const dependencies = analyzer.dependencies(files);
  const digestOf = digestsOf(files);
  return all.map((file) => {
    const others = dependencies(file[0]).map((path) => [path, digestOf(path)] as const);
    return { key: answerKey(analyzer.name, version, [file, ...others]), files: [file] };
  });
}

/** What a report says of some files: asked for each of thousands, it must not look through all findings each time. */
export function answersIn(report: EngineReport): (files: Part['files']) => EngineAnswer {
  const findings = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const file = report.foundFrom?.get(finding) ?? finding.file;
    const own = findings.get(file) ?? [];
    own.push(finding);
    findings.set(file, own);
  }
  return (files) => {
    const paths = new Set(files.map(([path]) => path));
    const skipped = report.skipped.filter(({ file }) => paths.has(file));
    return {
      findings: [...paths].flatMap((path) => findings.get(path) ?? []),
      ...(report.duplicatedLines && { duplicatedLines: report.duplicatedLines }),
      ...(skipped.length > 0 && { skipped }),
      ...(report.remark && { remark: report.remark }),
    };
  };
}

/** Several answers as one. */
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
