import type { ReportingDescriptor, ToolComponent } from 'sarif';
import {
  compareText,
  CONFIDENCES,
  SEVERITIES,
  type Confidence,
  type ReportedFinding,
  type Severity,
} from '../findings/finding.js';
import { LEVEL } from './sarif-results.js';

/** In the middle of the ranges that GitHub cuts this number into: over 9, 7, 4 and 0. */
const SECURITY_SEVERITY: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};

const PROBLEM_SEVERITY: Record<Severity, string> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'recommendation',
};

const CWE_TAXONOMY = 'CWE';

interface Rule {
  id: string;
  descriptor: ReportingDescriptor;
}

/** The rules that found something, by id. Engines that share an id, such as `invalid-syntax`, mean the same by it. */
export function collectRules(findings: readonly ReportedFinding[]): Rule[] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.rule_id);
    if (group) {
      group.push(finding);
    } else {
      groups.set(finding.rule_id, [finding]);
    }
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, group]) => ({ id, descriptor: toDescriptor(id, group) }));
}

/** The weaknesses that the rules refer to; `null`: none. */
export function toTaxonomy(findings: readonly ReportedFinding[]): ToolComponent | null {
  const numbers = new Set(findings.flatMap(({ cwe }) => numberOf(cwe) ?? []));
  if (numbers.size === 0) {
    return null;
  }
  return {
    name: CWE_TAXONOMY,
    organization: 'MITRE',
    shortDescription: { text: 'The MITRE Common Weakness Enumeration.' },
    informationUri: 'https://cwe.mitre.org/',
    isComprehensive: false,
    taxa: [...numbers]
      .sort((a, b) => a - b)
      .map((number) => ({ id: `CWE-${number}`, helpUri: weaknessUri(number) })),
  };
}

function toDescriptor(id: string, findings: readonly ReportedFinding[]): ReportingDescriptor {
  const [first] = findings;
  const title = first?.issue || id;
  const number = numberOf(first?.cwe ?? null);
  const severity = worst(SEVERITIES, findings, (finding) => finding.severity);
  const isSecurity = findings.some(({ category }) => category === 'security');
  return {
    id,
    name: toName(title),
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: toHelp(title, first?.recommendation ?? '', number),
    ...(number !== null && {
      helpUri: weaknessUri(number),
      relationships: [
        {
          target: { id: `CWE-${number}`, toolComponent: { name: CWE_TAXONOMY, index: 0 } },
          kinds: ['superset'],
        },
      ],
    }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: tagsOf(findings, number),
      precision: worst(CONFIDENCES, findings, (finding): Confidence => finding.confidence),
      'problem.severity': PROBLEM_SEVERITY[severity],
      // GitHub takes a rule with this number for a security rule.
      ...(isSecurity && { 'security-severity': SECURITY_SEVERITY[severity] }),
    },
  };
}

function tagsOf(findings: readonly ReportedFinding[], number: number | null): string[] {
  const tags = new Set<string>();
  for (const { category, impact, owasp } of findings) {
    tags.add(category === 'quality' ? impact : category);
    if (owasp !== null) {
      tags.add(`OWASP-${owasp.replace(/\s+/, ' - ')}`);
    }
  }
  if (number !== null) {
    tags.add(`external/cwe/cwe-${String(number).padStart(3, '0')}`);
  }
  return [...tags].sort(compareText);
}

function toHelp(title: string, recommendation: string, number: number | null) {
  const advice = recommendation || title;
  const weakness = number === null ? '' : ` (CWE-${number})`;
  const link = number === null ? '' : `\n\nWeakness: [CWE-${number}](${weaknessUri(number)})`;
  return { text: `${advice}${weakness}`, markdown: `## ${title}\n\n${advice}${link}` };
}

/** As the standard wants it: an identifier that a person understands. */
function toName(title: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? ['Rule'];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** The last in the scale that one of the findings has. */
function worst<T>(
  scale: readonly T[],
  findings: readonly ReportedFinding[],
  valueOf: (finding: ReportedFinding) => T,
): T {
  const indexes = new Set(findings.map((finding) => scale.indexOf(valueOf(finding))));
  const found = scale.findLast((_, index) => indexes.has(index));
  return found ?? (scale[0] as T);
}

function numberOf(cwe: string | null): number | null {
  const match = /^CWE-(\d{1,5})$/.exec(cwe ?? '');
  return match ? Number(match[1]) : null;
}

function weaknessUri(number: number): string {
  return `https://cwe.mitre.org/data/definitions/${number}.html`;
}
