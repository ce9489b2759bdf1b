import { percentOf, type LanguageSize, type Metrics } from '../analysis-results.js';
import { compareText } from '../findings/finding.js';
import { countLines, type SourceFile } from '../engines/source-files.js';

/**
 * The size of what was looked at.
 *
 * @param duplicatedLines By file, of shipped code; `null`: not looked for.
 */
export function measure(
  code: ReadonlyMap<string, SourceFile>,
  duplicatedLines: Readonly<Record<string, number>> | null,
): Metrics {
  const languages = new Map<string, LanguageSize>();
  let [lines, shippedLines] = [0, 0];
  for (const { language: name, text, isTest } of code.values()) {
    const size = languages.get(name) ?? { name, files: 0, lines: 0 };
    const count = countLines(text);
    languages.set(name, { name, files: size.files + 1, lines: size.lines + count });
    lines += count;
    shippedLines += isTest ? 0 : count;
  }
  const duplicated =
    duplicatedLines && Object.values(duplicatedLines).reduce((sum, count) => sum + count, 0);
  return {
    files: code.size,
    lines,
    languages: [...languages.values()].sort(
      (a, b) => b.lines - a.lines || compareText(a.name, b.name),
    ),
    duplicated_lines: duplicated,
    duplicated_percent:
      duplicated === null ? null : Math.min(100, percentOf(duplicated, shippedLines) ?? 0),
  };
}
