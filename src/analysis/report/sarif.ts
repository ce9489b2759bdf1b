import type { Log, Result, Run } from 'sarif';
import type { ReportedFinding } from '../findings/finding.js';
import { toInvocation } from './sarif-invocation.js';
import { toResult } from './sarif-results.js';
import { collectRules, toTaxonomy } from './sarif-rules.js';
import { SOURCE_ROOT } from './sarif-locations.js';

/** How one engine fared, for the log's notifications. */
export interface SarifEngine {
  name: string;
  /** `null`: it never started. */
  version: string | null;
  status: 'completed' | 'failed' | 'skipped';
  /** Why it gave nothing, or not everything; `null`: all is well. */
  reason: string | null;
  skipped: readonly { file: string; reason: string }[];
}

export interface SarifInput {
  /** A UUID. */
  analysisId: string;
  projectName: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Of this product. */
  productVersion: string;
  engines: readonly SarifEngine[];
  /** In the order of `compareFindings`, with those that are suppressed or were judged: SARIF marks them. */
  findings: readonly ReportedFinding[];
  /** How many there were before the list was cut. */
  findingsTotal: number;
  /** What was not analysed, and why. */
  notes: readonly string[];
  /** The analysis that `baseline` compares with; `null` or absent: none. */
  baselineAnalysisId?: string | null;
  /** What people wrote when they judged a finding, by fingerprint. */
  comments?: ReadonlyMap<string, string>;
}

/** As the OASIS standard of 2.1.0 with its errata names it. */
const SARIF_SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * An analysis as a SARIF 2.1.0 log, that validates against the OASIS schema whatever the findings hold.
 *
 * One run, this product as its driver with all the rules, and the engines as extensions without any. One run an engine
 * would make of each engine a tool of its own in GitHub code scanning, so that an upload becomes half a dozen
 * "configurations", and one engine's missing run closes its alerts; and many viewers look up rules in the driver only,
 * never in the extensions that the standard would allow to hold them. Which engine found a result stands in its
 * properties.
 */
export function toSarif(input: SarifInput): Log {
  const rules = collectRules(input.findings);
  const taxonomy = toTaxonomy(input.findings);
  const run: Run = {
    tool: {
      driver: {
        name: 'goalsmith',
        semanticVersion: input.productVersion,
        version: input.productVersion,
        rules: rules.map(({ descriptor }) => descriptor),
        ...(taxonomy && { supportedTaxonomies: [{ name: taxonomy.name, index: 0 }] }),
      },
      extensions: input.engines.map(({ name, version }) => ({
        name,
        ...(version !== null && { version }),
      })),
    },
    automationDetails: toAutomationDetails(input),
    ...(input.baselineAnalysisId &&
      GUID.test(input.baselineAnalysisId) && { baselineGuid: input.baselineAnalysisId }),
    invocations: [toInvocation(input)],
    // No `uri`: where the source lies is known to the reader alone.
    originalUriBaseIds: {
      [SOURCE_ROOT]: { description: { text: 'The root of the analysed source.' } },
    },
    // As JavaScript counts: the engines' columns are brought to it where they count otherwise.
    columnKind: 'utf16CodeUnits',
    ...(taxonomy && { taxonomies: [taxonomy] }),
    results: toResults(input, new Map(rules.map(({ id }, index) => [id, index]))),
  };
  return { $schema: SARIF_SCHEMA, version: '2.1.0', runs: [run] };
}

function toResults(input: SarifInput, ruleIndex: ReadonlyMap<string, number>): Result[] {
  const { findings } = input;
  // The standard wants each of these in all results of a run or in none (3.27.23, 3.27.24).
  const marks = {
    baseline: findings.some(({ baseline }) => baseline !== null),
    suppressions: findings.some(
      ({ suppression, status }) => suppression !== null || status !== 'open',
    ),
  };
  return findings.map((finding) => ({
    ...toResult(finding, { ...marks, comment: input.comments?.get(finding.fingerprint) }),
    ruleIndex: ruleIndex.get(finding.rule_id),
  }));
}

/** What GitHub reads up to the last slash is the category that tells one project's uploads from another's. */
function toAutomationDetails({ analysisId, projectName }: SarifInput): Run['automationDetails'] {
  return {
    id: `goalsmith/${projectName}/${analysisId}`,
    ...(GUID.test(analysisId) && { guid: analysisId }),
  };
}
