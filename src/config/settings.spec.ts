import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { SETTINGS, type SettingName } from './settings.js';

/** What differs from machine to machine stands there without a value. */
const MACHINE_DEPENDENT: SettingName[] = ['WORKER_CONCURRENCY'];

/** A paragraph of `.env.example`: one line of help, then the setting, commented out. */
const PARAGRAPH = /^# (?<help>.+)\n# (?<name>[A-Z_]+)=(?<value>.*)$/gm;

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8');
  const paragraphs = [...text.matchAll(PARAGRAPH)].map(({ groups }) => ({ ...groups }));

  it('lists every setting with its meaning and default, in the order of the table', () => {
    expect(paragraphs).toEqual(
      Object.entries(SETTINGS).map(([name, setting]) => ({
        help: setting.help + ('secret' in setting && setting.secret ? ' (secret)' : ''),
        name,
        value: isMachineDependent(name) || !('default' in setting) ? '' : setting.default,
      })),
    );
  });

  it('sets nothing by itself', () => {
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});

describe('SETTINGS', () => {
  it.each(Object.entries(SETTINGS))('%s accepts its own default', (_, setting) => {
    const fallback = 'default' in setting ? setting.default : undefined;
    expect(setting.parse.safeParse(fallback)).toMatchObject({ success: true });
  });

  it('runs as many tasks side by side as there are cores', () => {
    expect(SETTINGS.WORKER_CONCURRENCY.default).toBe(String(availableParallelism()));
  });
});

function isMachineDependent(name: string): boolean {
  return MACHINE_DEPENDENT.some((dependent) => dependent === name);
}
