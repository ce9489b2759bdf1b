import type { ReportedFinding } from './finding.js';

/** Whether anybody still has to look at it: neither silenced by a comment nor decided about. */
export function isOpen({ status, suppression }: ReportedFinding): boolean {
  return status === 'open' && suppression === null;
}

/** Whether a security finding is shown and counted: open, sure enough, and in code that is shipped. */
export function isOpenSecurityIssue(finding: ReportedFinding): boolean {
  return (
    finding.category === 'security' &&
    finding.confidence !== 'low' &&
    !finding.in_tests &&
    isOpen(finding)
  );
}

/** What a reader sees who asks for nothing in particular. */
export function isInDefaultView(finding: ReportedFinding): boolean {
  return finding.category === 'security' ? isOpenSecurityIssue(finding) : isOpen(finding);
}
