import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { analyzeFile } from '../analyze-security.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const SAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

/**
 * Programs in the manner of the frameworks' tutorials, written for this test. Lines marked `FLAW` have one; the `sound`
 * files have none, though they are full of what looks like it.
 */
describe.each(SAMPLES)('%s', (sample) => {
  const text = readFileSync(`${FOLDER}${sample}`, 'utf8');
  const found = new Set(
    analyzeFile(sample.replace(/\.txt$/, ''), text)
      .findings.filter(({ confidence }) => confidence !== 'low')
      .map(({ line }) => line),
  );
  const lines = text.split('\n').map((code, index) => ({ number: index + 1, code }));
  const isMarked = (code: string): boolean => /(#|\/\/) FLAW$/.test(code);

  it('has every flaw found', () => {
    expect(lines.filter(({ code, number }) => isMarked(code) && !found.has(number))).toEqual([]);
  });

  it('raises no other alarm', () => {
    expect(lines.filter(({ code, number }) => !isMarked(code) && found.has(number))).toEqual([]);
  });
});
