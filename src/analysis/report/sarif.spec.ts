import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Log, Result, Run } from 'sarif';
import type { ReportedFinding } from '../findings/finding.js';
import { toSarif, type SarifInput } from './sarif.js';

const STARTED = new Date('2026-11-23T10:00:00.000Z');
const FINISHED = new Date('2026-11-23T10:00:04.250Z');
const ID = '5b0f3b9e-7c55-4d5a-9a57-0d8d6a3f1c11';

describe(toSarif.name, () => {
  const validate = schemaValidator();

  it('says what ran, when, and on what', () => {
    const run = runOf({
      engines: [
        { name: 'ruff', version: '0.17.4', status: 'completed', reason: null, skipped: [] },
        { name: 'mypy', version: null, status: 'skipped', reason: 'no toolchain', skipped: [] },
      ],
    });
    expect(run.tool.driver).toMatchObject({ name: 'goalsmith', version: '3.0.0' });
    expect(run.tool.extensions).toEqual([{ name: 'ruff', version: '0.17.4' }, { name: 'mypy' }]);
    expect(run.automationDetails).toEqual({ id: `goalsmith/shop/${ID}`, guid: ID });
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.invocations).toEqual([
      {
        executionSuccessful: true,
        startTimeUtc: '2026-11-23T10:00:00.000Z',
        endTimeUtc: '2026-11-23T10:00:04.250Z',
        toolExecutionNotifications: [
          { level: 'warning', message: { text: 'mypy did not run: no toolchain' } },
        ],
      },
    ]);
  });

  it('describes each rule once, with the worst of its findings', () => {
    const run = runOf({
      findings: [
        finding({ severity: 'medium', confidence: 'medium' }),
        finding({ line: 9 }),
        finding({
          rule_id: 'F401',
          category: 'quality',
          impact: 'maintainability',
          cwe: null,
          owasp: null,
          issue: 'Unused import',
          recommendation: 'Remove it.',
          severity: 'low',
        }),
      ],
    });
    expect(run.tool.driver.rules).toEqual([
      {
        id: 'F401',
        name: 'UnusedImport',
        shortDescription: { text: 'Unused import' },
        fullDescription: { text: 'Unused import' },
        help: { text: 'Remove it.', markdown: '## Unused import\n\nRemove it.' },
        defaultConfiguration: { level: 'note' },
        properties: {
          tags: ['maintainability'],
          precision: 'high',
          'problem.severity': 'recommendation',
        },
      },
      {
        id: 'sql-injection',
        name: 'SQLStatementBuiltFromADynamicValue',
        shortDescription: { text: 'SQL statement built from a dynamic value' },
        fullDescription: { text: 'SQL statement built from a dynamic value' },
        help: {
          text: 'Pass values as parameters. (CWE-89)',
          markdown:
            '## SQL statement built from a dynamic value\n\nPass values as parameters.\n\nWeakness: [CWE-89](https://cwe.mitre.org/data/definitions/89.html)',
        },
        helpUri: 'https://cwe.mitre.org/data/definitions/89.html',
        relationships: [
          {
            target: { id: 'CWE-89', toolComponent: { name: 'CWE', index: 0 } },
            kinds: ['superset'],
          },
        ],
        defaultConfiguration: { level: 'error' },
        properties: {
          tags: ['OWASP-A03:2021 - Injection', 'external/cwe/cwe-089', 'security'],
          precision: 'high',
          'problem.severity': 'error',
          'security-severity': '9.5',
        },
      },
    ]);
    expect(run.taxonomies).toMatchObject([{ name: 'CWE', taxa: [{ id: 'CWE-89' }] }]);
    expect(run.results?.map(({ ruleId, ruleIndex }) => [ruleId, ruleIndex])).toEqual([
      ['sql-injection', 1],
      ['sql-injection', 1],
      ['F401', 0],
    ]);
  });

  it('places a finding and keeps its fingerprint', () => {
    expect(resultOf(finding({ file: 'src/a b#1%.ts', end_line: 5 }))).toEqual({
      ruleId: 'sql-injection',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'name becomes part of the statement' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a%20b%231%25.ts', uriBaseId: '%SRCROOT%' },
            region: { startLine: 4, startColumn: 7, endLine: 5 },
          },
        },
      ],
      partialFingerprints: { 'goalsmithFingerprint/v1': '00112233445566778899aabbccddeeff' },
      properties: {
        engine: 'security',
        category: 'security',
        impact: 'security',
        severity: 'critical',
        confidence: 'high',
        inTests: false,
        effortMinutes: 30,
      },
    });
  });

  it('tells the way of a value as a code flow', () => {
    const trace = [
      { file: 'a.py', line: 1, column: 2, text: 'name = request.args["name"]' },
      { file: 'b.py', line: 3, column: 4, text: 'cursor.execute(f"... {name}")' },
    ];
    const result = resultOf(finding({ trace }));
    expect(result.relatedLocations).toBeUndefined();
    expect(
      result.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => [
        location?.message?.text,
        location?.physicalLocation?.artifactLocation?.uri,
        location?.physicalLocation?.region,
      ]),
    ).toEqual([
      ['name = request.args["name"]', 'a.py', { startLine: 1, startColumn: 2 }],
      ['cursor.execute(f"... {name}")', 'b.py', { startLine: 3, startColumn: 4 }],
    ]);
  });

  it('tells the other places of a duplicate as related locations', () => {
    const result = resultOf(
      finding({
        category: 'quality',
        impact: 'maintainability',
        trace: [{ file: 'b.py', line: 3, column: 1, text: '' }],
      }),
    );
    expect(result.codeFlows).toBeUndefined();
    expect(result.relatedLocations).toMatchObject([
      {
        id: 1,
        message: { text: 'The same code stands here.' },
        physicalLocation: { region: { startLine: 3 } },
      },
    ]);
  });

  it('marks what is suppressed and what people judged', () => {
    const run = runOf({
      findings: [
        finding({ suppression: { marker: 'nosec', line: 4, reason: 'constant table' } }),
        finding({ suppression: { marker: 'noqa', line: 4, reason: null } }),
        finding({ status: 'false_positive', fingerprint: 'f'.repeat(32) }),
        finding({ status: 'accepted' }),
        finding(),
      ],
      comments: new Map([['f'.repeat(32), 'checked by Ann']]),
    });
    const location = {
      physicalLocation: {
        artifactLocation: { uri: 'app/db.py', uriBaseId: '%SRCROOT%' },
        region: { startLine: 4, startColumn: 1 },
      },
    };
    expect(run.results?.map(({ suppressions }) => suppressions)).toEqual([
      [{ kind: 'inSource', status: 'accepted', justification: 'constant table', location }],
      [
        {
          kind: 'inSource',
          status: 'accepted',
          justification: 'A comment asks for silence: noqa',
          location,
        },
      ],
      [{ kind: 'external', status: 'accepted', justification: 'False positive: checked by Ann' }],
      [{ kind: 'external', status: 'accepted', justification: 'Accepted risk' }],
      [],
    ]);
  });

  it('compares with the analysis before where there is one', () => {
    const findings = [finding({ baseline: 'new' }), finding({ baseline: 'unchanged' }), finding()];
    const run = runOf({ findings, baselineAnalysisId: ID });
    expect(run.baselineGuid).toBe(ID);
    expect(run.results?.map(({ baselineState }) => baselineState)).toEqual([
      'new',
      'unchanged',
      'new',
    ]);
    expect(resultOf(finding())).not.toHaveProperty('baselineState');
  });

  it('tells of failed engines, skipped files, notes, and findings that are left out', () => {
    const skipped = [{ file: 'src/min.js', reason: 'lines too long' }];
    const run = runOf({
      engines: [
        { name: 'oxlint', version: '1.94.0', status: 'failed', reason: 'timed out', skipped },
      ],
      findings: [finding()],
      findingsTotal: 3,
      notes: ['2 files of Go are not analysed'],
    });
    expect(run.invocations?.[0]?.executionSuccessful).toBe(false);
    expect(run.invocations?.[0]?.toolExecutionNotifications).toEqual([
      { level: 'error', message: { text: 'oxlint failed: timed out' } },
      {
        level: 'warning',
        message: { text: 'oxlint skipped a file: lines too long' },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'src/min.js', uriBaseId: '%SRCROOT%' } } },
        ],
      },
      { level: 'note', message: { text: '2 files of Go are not analysed' } },
      { level: 'warning', message: { text: '2 more findings are left out of this log.' } },
    ]);
  });

  it.each<[string, Partial<SarifInput>]>([
    ['nothing', {}],
    [
      'a full finding',
      {
        findings: [
          finding({
            baseline: 'new',
            status: 'accepted',
            suppression: { marker: 'nosec', line: 0, reason: '' },
          }),
        ],
      },
    ],
    [
      'numbers that are none',
      {
        findings: [
          finding({ line: 0, column: -1, end_line: NaN }),
          finding({ line: 7, column: 1.5, end_line: 2 }),
        ],
      },
    ],
    [
      'empty texts',
      {
        findings: [
          finding({
            message: '',
            issue: '',
            recommendation: '',
            rule_id: '',
            file: '',
            fingerprint: '',
          }),
        ],
      },
    ],
    [
      'hostile names',
      {
        findings: [
          finding({
            file: '../</script>\u0000\uD800/http://x',
            rule_id: '__proto__',
            issue: '\uDC00',
          }),
        ],
      },
    ],
    ['times that are unknown', { startedAt: null, finishedAt: null }],
    [
      'an id that is no UUID',
      { analysisId: 'x', baselineAnalysisId: 'y', projectName: 'größer/als' },
    ],
    [
      'thousands of skipped files',
      {
        engines: [
          {
            name: 'e',
            version: '1',
            status: 'completed',
            reason: 'r',
            skipped: Array.from({ length: 1_500 }, () => ({ file: 'a', reason: 'b' })),
          },
        ],
      },
    ],
    ['unknown weaknesses', { findings: [finding({ cwe: 'CWE-x', owasp: '' })] }],
  ])('is valid by the schema of OASIS with %s', (_, input) => {
    const log = JSON.parse(JSON.stringify(toSarif(inputWith(input)))) as Log;
    validate(log);
    expect(validate.errors).toBeNull();
  });

  it('would be refused with an error in it', () => {
    const log = toSarif(inputWith({ findings: [finding()] }));
    const [run] = log.runs;
    expect(validate({ ...log, runs: [{ ...run, results: [{ ruleId: 'x' }] }] })).toBe(false);
  });
});

/** The schema as published says draft 4, which differs from draft 7, as ajv reads it, in nothing it uses but `id`. */
function schemaValidator(): ValidateFunction {
  const text = readFileSync('test/support/sarif-schema-2.1.0.json', 'utf8');
  const { id, $schema: _, ...schema } = JSON.parse(text) as { id: string; $schema: string };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile({ ...schema, $id: id });
}

function inputWith(changes: Partial<SarifInput>): SarifInput {
  const findings = changes.findings ?? [];
  return {
    analysisId: ID,
    projectName: 'shop',
    startedAt: STARTED,
    finishedAt: FINISHED,
    productVersion: '3.0.0',
    engines: [],
    findings,
    findingsTotal: findings.length,
    notes: [],
    ...changes,
  };
}

function runOf(changes: Partial<SarifInput>): Run {
  const [run] = toSarif(inputWith(changes)).runs;
  if (!run) {
    throw new Error('A log without a run');
  }
  return run;
}

function resultOf(item: ReportedFinding): Result {
  const result = runOf({ findings: [item] }).results?.[0];
  if (!result) {
    throw new Error('A run without a result');
  }
  return result;
}

function finding(changes: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    rule_id: 'sql-injection',
    engine: 'security',
    category: 'security',
    impact: 'security',
    issue: 'SQL statement built from a dynamic value',
    message: 'name becomes part of the statement',
    severity: 'critical',
    confidence: 'high',
    file: 'app/db.py',
    line: 4,
    column: 7,
    end_line: 4,
    recommendation: 'Pass values as parameters.',
    cwe: 'CWE-89',
    owasp: 'A03:2021 Injection',
    trace: [],
    effort_minutes: 30,
    fingerprint: '00112233445566778899aabbccddeeff',
    in_tests: false,
    status: 'open',
    suppression: null,
    baseline: null,
    ...changes,
  };
}
