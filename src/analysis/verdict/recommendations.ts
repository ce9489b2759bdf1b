import { adviceFor } from '../analyzers/rules/advice.js';
import { compareText, SEVERITIES, type Finding } from '../findings/finding.js';

/** More than that nobody reads. */
const MAX = 10;

interface Group {
  first: Finding;
  count: number;
  minutes: number;
}

/**
 * What to do first: open security issues, then the rules whose findings cost most to live with, each with how often
 * and an example of where.
 *
 * @param findings Those of the default view, in the order of `compareFindings`.
 */
export function recommend(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const key = `${finding.engine} ${finding.rule_id}`;
    const group = groups.get(key) ?? { first: finding, count: 0, minutes: 0 };
    group.count += 1;
    group.minutes += finding.effort_minutes;
    groups.set(key, group);
  }
  return [...groups.values()].sort(byUrgency).slice(0, MAX).map(toText);
}

function byUrgency(a: Group, b: Group): number {
  return (
    securityRank(b.first) - securityRank(a.first) ||
    b.minutes - a.minutes ||
    compareText(a.first.rule_id, b.first.rule_id)
  );
}

/** The worse, the higher; 0: no security issue. */
function securityRank({ category, severity }: Finding): number {
  return category === 'security' ? 1 + SEVERITIES.indexOf(severity) : 0;
}

function toText({ first, count }: Group): string {
  const places = count === 1 ? '' : `${count} places, such as `;
  const title = first.category === 'security' ? `${first.issue}: ` : '';
  return `${title}${adviceFor(first)} (${first.rule_id}: ${places}${first.file}:${first.line})`;
}
