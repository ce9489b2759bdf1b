import type { Finding } from '../../findings/finding.js';
import { qualityRule } from './quality-rules.js';

/** What to do about all findings of a rule; where nothing is known of it, what is said of this one. */
export function adviceFor({ category, rule_id: rule, recommendation }: Finding): string {
  return (category === 'quality' ? qualityRule(rule).advice : undefined) ?? recommendation;
}
