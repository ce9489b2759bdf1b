import { adviceFor } from '../../analyzers/rules/advice.js';
import { isInDefaultView, isOpen } from '../../findings/default-view.js';
import { SEVERITIES, type ReportedFinding, type Severity } from '../../findings/finding.js';
import { toItem, type FindingItem, type ItemSources } from './finding-item.js';
import { toPieces } from './wording.js';

/** Shown with their source; beyond, a browser gets slow and nobody reads on. */
const MAX_SHOWN = 500;
/** Of one rule, before the others are folded away. */
const MAX_UNFOLDED = 8;

/** Findings of one rule with the same advice. */
export interface RuleGroup {
  ruleId: string;
  engine: string;
  issue: string;
  severity: Severity;
  cwe: { text: string; href: string } | null;
  owasp: string | null;
  recommendation: ReturnType<typeof toPieces>;
  items: FindingItem[];
  folded: FindingItem[];
}

export interface Section {
  id: string;
  title: string;
  /** Also those that are not shown. */
  count: number;
  missing: number;
  groups: RuleGroup[];
}

const KINDS = [
  ['security', 'Security'],
  ['reliability', 'Reliability'],
  ['maintainability', 'Maintainability'],
  ['types', 'Types'],
] as const;

/**
 * What to act on by kind, then what is less sure or in tests, then what is silenced; within each the worst rule first.
 *
 * @param findings In the order of `compareFindings`.
 */
export function sectionsOf(
  findings: readonly ReportedFinding[],
  sources: ItemSources,
): { main: Section[]; unsure: Section; silenced: Section } {
  const open = findings.filter(isOpen);
  const main = open.filter(isInDefaultView);
  const unsure = open.filter((finding) => !isInDefaultView(finding));
  const silenced = findings.filter((finding) => !isOpen(finding));
  const shown = new Set([...main, ...unsure, ...silenced].slice(0, MAX_SHOWN));
  const section = (id: string, title: string, all: readonly ReportedFinding[]): Section => {
    const kept = all.filter((finding) => shown.has(finding));
    const groups = groupsOf(kept, sources);
    return { id, title, count: all.length, missing: all.length - kept.length, groups };
  };
  return {
    main: KINDS.map(([id, title]) =>
      section(
        id,
        title,
        main.filter((finding) => kindOf(finding) === id),
      ),
    ).filter(({ count }) => count > 0),
    unsure: section('unsure', 'Less certain, or in tests', unsure),
    silenced: section('silenced', 'Silenced', silenced),
  };
}

function kindOf({ category, impact }: ReportedFinding): string {
  return category === 'quality' ? impact : category;
}

function groupsOf(findings: readonly ReportedFinding[], sources: ItemSources): RuleGroup[] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    // Advice differs where one rule is about several languages.
    const key = JSON.stringify([finding.engine, finding.rule_id, adviceFor(finding)]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()]
    .map((group) => toGroup(group, sources))
    .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}

function toGroup(findings: readonly ReportedFinding[], sources: ItemSources): RuleGroup {
  const [first] = findings;
  const items = findings.map((finding) => toItem(finding, sources));
  // One more would be folded alone, behind a line that takes as much room as itself.
  const unfolded = items.length === MAX_UNFOLDED + 1 ? items.length : MAX_UNFOLDED;
  return {
    ruleId: first?.rule_id ?? '',
    engine: first?.engine ?? '',
    issue: first?.issue ?? '',
    severity: first?.severity ?? 'low',
    cwe: weaknessOf(first?.cwe ?? null),
    owasp: first?.owasp ?? null,
    recommendation: toPieces(first ? adviceFor(first) : ''),
    items: items.slice(0, unfolded),
    folded: items.slice(unfolded),
  };
}

function weaknessOf(cwe: string | null): RuleGroup['cwe'] {
  const number = /^CWE-(\d{1,5})$/.exec(cwe ?? '')?.[1];
  return number === undefined
    ? null
    : { text: `CWE-${number}`, href: `https://cwe.mitre.org/data/definitions/${number}.html` };
}
