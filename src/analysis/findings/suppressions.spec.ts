import { aFinding, aHole } from './finding.fixture.js';
import { readSuppressions, suppressionOf } from './suppressions.js';

const unused = aFinding({ rule_id: 'F401' });
const hole = aHole();
const typeError = aFinding({ category: 'types', rule_id: 'assignment', engine: 'mypy' });
const lint = aFinding({ rule_id: 'no-unused-vars', engine: 'oxlint' });

describe(readSuppressions, () => {
  it.each([
    ['x  # noqa', 'Python', unused, 'noqa'],
    ['x  # NOQA: F401,E501', 'Python', unused, 'NOQA'],
    ['x  # noqa: F', 'Python', unused, 'noqa'],
    ['# ruff: noqa\n\nx', 'Python', aFinding({ line: 3 }), 'noqa'],
    ['x  # noqa: S608', 'Python', { ...hole, line: 1 }, 'noqa'],
    ['x  # nosec', 'Python', { ...hole, line: 1 }, 'nosec'],
    ['x  # nosec B608', 'Python', { ...hole, line: 1 }, 'nosec'],
    ['# nosemgrep: a.b.c\nx', 'Python', { ...hole, line: 2 }, 'nosemgrep'],
    ['x() // nosemgrep', 'TypeScript', { ...hole, line: 1 }, 'nosemgrep'],
    ['x() // NOSONAR', 'JavaScript', lint, 'NOSONAR'],
    ['x  # type: ignore[assignment]', 'Python', typeError, 'type: ignore'],
    ['# type: ignore\nx\ny', 'Python', { ...typeError, line: 3 }, 'type: ignore'],
    ['// @ts-expect-error later\nx', 'TypeScript', { ...typeError, line: 2 }, '@ts-expect-error'],
    ['// @ts-nocheck\nx', 'TypeScript', { ...typeError, line: 2 }, '@ts-nocheck'],
    ['x // eslint-disable-line', 'JavaScript', lint, 'eslint-disable-line'],
    [
      '/* eslint-disable-next-line @typescript-eslint/no-unused-vars */\nx',
      'TypeScript',
      { ...lint, line: 2 },
      'eslint-disable-next-line',
    ],
    [
      '/* eslint-disable no-unused-vars */\n\nx',
      'TypeScript',
      { ...lint, line: 3 },
      'eslint-disable',
    ],
    ['x("# nosec")  # nosec', 'Python', { ...hole, line: 1 }, 'nosec'],
    [`x('it''s', /['"]/) // NOSONAR`, 'JavaScript', lint, 'NOSONAR'],
    [
      'eval(x) // eslint-disable-line no-eval',
      'JavaScript',
      { ...hole, rule_id: 'code-injection', line: 1 },
      'eslint-disable-line',
    ],
    ['x(\n)  # noqa', 'Python', aFinding({ end_line: 2 }), 'noqa'],
  ])('honours %j in %s', (text, language, finding, marker) => {
    const source = readSuppressions(text, language);
    expect(suppressionOf(finding, source)?.marker).toBe(marker);
    expect(source.text).toHaveLength(text.length);
    expect(readSuppressions(source.text, language).suppressions.all).toEqual([]);
  });

  it.each([
    ['another code', 'x  # noqa: E501', 'Python', unused],
    ['another line', 'x\ny  # noqa', 'Python', unused],
    ['another category', 'x  # nosec', 'Python', unused],
    ['another rule', 'x // eslint-disable-line no-eval', 'JavaScript', lint],
    [
      'a block that has ended',
      '/* eslint-disable */\n/* eslint-enable */\nx',
      'JavaScript',
      { ...lint, line: 3 },
    ],
    ['a string', 'x("# nosec")', 'Python', { ...hole, line: 1 }],
    ['a string of lines', 'x = """\n# nosec\n"""', 'Python', { ...hole, line: 2 }],
    ['a text', 'x("// NOSONAR " + y)', 'JavaScript', lint],
    ['a template', 'x(`// NOSONAR`)', 'TypeScript', lint],
    ['the other language', 'x  # noqa', 'TypeScript', lint],
    ['a word that only looks like it', 'x  # nosecret', 'Python', { ...hole, line: 1 }],
  ])('leaves what stands under %s', (_, text, language, finding) => {
    expect(suppressionOf(finding, readSuppressions(text, language))).toBeNull();
  });

  it.each([
    ['x  # noqa: F401 -- kept for plugins', 'Python', 'kept for plugins'],
    ['x  # nosec B608: only constants', 'Python', 'only constants'],
    ['x // eslint-disable-line no-unused-vars -- for later', 'JavaScript', 'for later'],
    ['x  # noqa', 'Python', null],
  ])('gives the reason in %j', (text, language, reason) => {
    expect(readSuppressions(text, language).suppressions.all[0]?.reason).toBe(reason);
  });

  it('reads two comments on one line', () => {
    const source = readSuppressions('x  # type: ignore[assignment]  # noqa: F401', 'Python');
    expect(suppressionOf(unused, source)?.marker).toBe('noqa');
    expect(suppressionOf(typeError, source)?.marker).toBe('type: ignore');
  });

  it.each([
    ['a long comment', `# ${'noqa: F401, '.repeat(800)}\n`.repeat(50), 'Python'],
    [
      'many comments and ends of blocks',
      `${'//NOSONAR\n'.repeat(50_000)}${'/*eslint-enable*/\n'.repeat(20_000)}`,
      'JavaScript',
    ],
    ['many blocks', '/* eslint-disable no-eval */\n'.repeat(30_000), 'JavaScript'],
  ])('is quick with %s', (_, text, language) => {
    const startedAt = process.cpuUsage();
    const source = readSuppressions(text, language);
    for (let line = 1; line <= 50_000; line += 1) {
      suppressionOf({ ...hole, line, end_line: line }, source);
    }
    expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(5_000);
  });
});
