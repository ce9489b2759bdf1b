import { z } from 'zod';
import type { Finding, TraceStep } from '../../findings/finding.js';
import { shortened } from '../rules/report-text.js';
import type { Duplicate, Duplicates, Place } from './find-duplicates.js';

export const BLOCK_RULE = 'duplicate-code';
const FILE_RULE = 'identical-file';

/** A block of that size is a part of the program, not an idiom. */
const MANY_LINES = 50;
const MAX_MINUTES = 60;

const place: z.ZodType<Place> = z.object({
  file: z.string(),
  line: z.number(),
  endLine: z.number(),
  text: z.string(),
});
const report: z.ZodType<Duplicates> = z.object({
  found: z.array(z.object({ kind: z.enum(['block', 'file']), at: place, others: z.array(place) })),
  lines: z.record(z.string(), z.number()),
});

/** What the engine's process wrote. @throws where it is no such report */
export function readDuplicates(text: string): {
  findings: Finding[];
  duplicatedLines: Record<string, number>;
} {
  const { found, lines } = report.parse(JSON.parse(text));
  return { findings: found.map(toFinding), duplicatedLines: lines };
}

function toFinding({ kind, at, others }: Duplicate): Finding {
  const lines = at.endLine - at.line + 1;
  const [first] = others;
  const elsewhere = `${first?.file ?? ''}:${first?.line ?? 1}`;
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  const isBlock = kind === 'block';
  return {
    rule_id: isBlock ? BLOCK_RULE : FILE_RULE,
    engine: 'duplicates',
    category: 'quality',
    impact: 'maintainability',
    issue: isBlock ? 'Duplicated code' : 'Identical file',
    message: shortened(
      isBlock
        ? `${lines} lines as at ${elsewhere}${more}`
        : `The same content as ${first?.file ?? ''}${more}`,
    ),
    severity: isBlock && lines >= MANY_LINES ? 'medium' : 'low',
    confidence: 'high',
    file: at.file,
    line: at.line,
    column: 1,
    end_line: at.endLine,
    recommendation: isBlock
      ? 'Move the code to one place and use it from all others'
      : 'Keep one of the files and use it from all others',
    cwe: null,
    owasp: null,
    trace: others.map(toStep),
    // A file is copied at once and deleted at once.
    effort_minutes: isBlock ? Math.min(MAX_MINUTES, 10 + Math.round(lines / 5)) : 0,
  };
}

function toStep({ file, line, text }: Place): TraceStep {
  return { file, line, column: 1, text: shortened(text) };
}
