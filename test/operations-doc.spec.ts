import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { SETTINGS } from '../src/config/settings.js';

const page = readFileSync('docs/operations.md', 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('docs/operations.md', () => {
  it('lists every setting with its default and meaning, in the order of the table', () => {
    const names = new Set(Object.keys(SETTINGS).map((name) => `\`${name}\``));
    const section = page.slice(page.indexOf('\n## Settings'), page.indexOf('\n## Security'));
    const listed = rows.filter(
      (cells) => names.has(cells[1] ?? '') && section.includes(`| ${cells[1]} `),
    );
    expect(listed.map((cells) => cells.slice(1, 4))).toEqual(
      Object.entries(SETTINGS).map(([name, setting]) => [
        `\`${name}\``,
        defaultOf(name, setting),
        setting.help.replaceAll('|', '\\|') +
          ('secret' in setting && setting.secret ? ' (secret)' : ''),
      ]),
    );
  });

  it('names every metric, and an alert or why there is none', () => {
    const metrics = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .flatMap((path) => {
        const text = readFileSync(join('src', path), 'utf8');
        return [...text.matchAll(/new (?:Gauge|Counter|Histogram|Summary)\b[^;]*?name: '(\w+)'/g)];
      })
      .map(([, name]) => `\`${name}\``);
    const documented = new Map(rows.map((cells) => [cells[1], cells[3]]));
    expect(metrics.length).toBeGreaterThan(5);
    expect(metrics.filter((name) => !documented.get(name))).toEqual([]);
    const own = [...documented.keys()].filter((name) => /^`[a-z]+(_[a-z]+)+`$/.test(name ?? ''));
    expect(own.filter((name) => !metrics.includes(name ?? ''))).toEqual([]);
  });

  it('links to files that exist, and names scripts that do', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => join('docs', path));
    const paths = [...page.matchAll(/`((?:deploy|test)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect([...links, ...paths].map(normalize).filter((path) => !existsSync(path))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

function defaultOf(name: string, setting: object): string {
  if (name === 'WORKER_CONCURRENCY') {
    return 'cores';
  }
  return 'default' in setting ? `\`${String(setting.default)}\`` : '';
}
