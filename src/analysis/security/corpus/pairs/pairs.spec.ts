import { readFileSync } from 'node:fs';
import { analyzeFile } from '../../analyze-security.js';

interface Sample {
  readonly rule: string;
  readonly language: string;
  readonly name: string;
  readonly flawed: string;
  readonly corrected: string;
}

/**
 * Small programs from the descriptions of weaknesses and the frameworks' guides, each flawed and put right: a line
 * `=== rule | language | name`, the flawed one, `---`, the corrected one.
 */
function samplesOf(name: string): Sample[] {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = '', ...body] = part.split('\n');
      const [rule = '', language = '', title = ''] = head.split(' | ');
      const [flawed = '', corrected = ''] = body.join('\n').split('\n---\n');
      return { rule, language, name: title, flawed, corrected };
    });
}

const SAMPLES = ['javascript.txt', 'python.txt'].flatMap(samplesOf);

describe('textbook pairs', () => {
  it.each(SAMPLES.map((sample) => [`${sample.language} ${sample.rule}: ${sample.name}`, sample]))(
    '%s',
    (_, sample) => {
      const { rule, language, flawed, corrected } = sample as Sample;
      const loud = (text: string): string[] =>
        analyzeFile(`app/sample.${language}`, text)
          .findings.filter(({ confidence }) => confidence !== 'low')
          .map(({ ruleId }) => ruleId);
      expect(loud(flawed)).toContain(rule);
      expect(loud(corrected)).toEqual([]);
    },
  );
});
