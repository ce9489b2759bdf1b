import { z } from 'zod';
import type { Finding } from '../../findings/finding.js';
import { SYNTAX_RULE } from '../../verdict/score.js';
import { qualityRule } from '../rules/quality-rules.js';
import { shortened } from '../rules/report-text.js';

const diagnostic = z.object({
  message: z.string(),
  code: z.string().optional(),
  help: z.string().nullish(),
  filename: z.string(),
  labels: z.array(
    z.object({ span: z.object({ offset: z.number(), length: z.number(), line: z.number() }) }),
  ),
});
type Diagnostic = z.infer<typeof diagnostic>;
const report = z.object({ diagnostics: z.array(diagnostic) });

const MAX_RETURN_TYPE = 300;

export interface NamedSource {
  path: string;
  content: Buffer;
}

/**
 * The output of `oxlint -f json`.
 *
 * @param files By the names under which oxlint saw them.
 * @throws where it is no such output
 */
export function readOxlintReport(
  output: Buffer,
  files: ReadonlyMap<string, NamedSource>,
): Finding[] {
  const { diagnostics } = report.parse(JSON.parse(output.toString('utf8')));
  return diagnostics.flatMap((found) => {
    const source = files.get(found.filename.replace(/^.*\//, ''));
    const finding = source && toFinding(found, source);
    return finding && !isForThePage(finding, source) && !isHarmless(finding, found, source)
      ? [finding]
      : [];
  });
}

const MODULE = /^\s*(?:import|export)\b|\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/m;

/** Pages call what their scripts declare: unused is there only what stands inside of something. */
function isForThePage({ rule_id, line }: Finding, { path, content }: NamedSource): boolean {
  if (rule_id !== 'no-unused-vars' || !/\.jsx?$/i.test(path)) {
    return false;
  }
  const text = content.toString('utf8');
  return !MODULE.test(text) && /^\S/.test(text.split('\n', line).at(-1) ?? '');
}

/** After a list of parameters: what has no body is a declaration, whose parameters are those of something else. */
const NO_BODY = /^\s*(?::[^;{=\n]*)?(?:;|\r?\n(?!\s*\{))/;
const EMPTY_OR_COMMENT = /^\s*(?:$|\/[/*]|\*)/;
const CASE = /(?:\bcase\b.*|\bdefault\s*):\s*(?:\/[/*].*)?$/;

/** What oxlint counts, and nobody would. */
function isHarmless(
  { rule_id, line }: Finding,
  { labels }: Diagnostic,
  { content }: NamedSource,
): boolean {
  const { offset, length } = labels[0]?.span ?? { offset: 0, length: 0 };
  if (rule_id === 'max-params') {
    const end = offset + length;
    return NO_BODY.test(content.subarray(end, end + MAX_RETURN_TYPE).toString('utf8'));
  }
  if (rule_id !== 'no-fallthrough') {
    return false;
  }
  // Cases of one block, with but a comment between them.
  const before = content.toString('utf8').split('\n', line - 1);
  return CASE.test(before.findLast((text) => !EMPTY_OR_COMMENT.test(text)) ?? '');
}

function toFinding(
  { message, code, help, labels }: Diagnostic,
  { path, content }: NamedSource,
): Finding {
  const ruleId = ruleIdOf(code);
  const rule = qualityRule(ruleId);
  const { offset, length, line } = labels[0]?.span ?? { offset: 0, length: 0, line: 1 };
  return {
    rule_id: ruleId,
    engine: 'oxlint',
    category: 'quality',
    impact: rule.impact,
    issue: rule.issue,
    message: shortened(message),
    severity: rule.severity,
    confidence: 'high',
    file: path,
    line,
    column: columnOf(content, offset),
    end_line: line + newlinesIn(content.subarray(offset, offset + Math.max(0, length - 1))),
    recommendation: shortened(rule.advice ?? help ?? message),
    cwe: null,
    owasp: null,
    trace: [],
    effort_minutes: rule.minutes,
  };
}

/** `eslint(no-empty)` -> `no-empty`, `react-hooks(rules-of-hooks)` -> `react/rules-of-hooks`; none: not parsed. */
function ruleIdOf(code: string | undefined): string {
  const [, plugin, rule] = /^([\w-]+)\((.+)\)$/.exec(code ?? '') ?? [];
  if (plugin === undefined || rule === undefined) {
    return SYNTAX_RULE;
  }
  const scope = plugin === 'react-hooks' ? 'react' : plugin;
  return scope === 'eslint' ? rule : `${scope}/${rule}`;
}

const NEWLINE = 0x0a;

/** In characters: oxlint's own columns count bytes. */
function columnOf(content: Buffer, offset: number): number {
  const end = Math.min(offset, content.length);
  const start = end === 0 ? 0 : content.lastIndexOf(NEWLINE, end - 1) + 1;
  const before = content.subarray(start, end).toString('utf8');
  // A byte order mark is no character of the first line.
  return [...before.replace(/^\uFEFF/, '')].length + 1;
}

function newlinesIn(part: Buffer): number {
  let count = 0;
  for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) {
    count += 1;
  }
  return count;
}
