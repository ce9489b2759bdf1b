import type { SourceText } from './ir/source-text.js';

/** Names of what nothing depends on but finding the same thing again. */
const SAME_AGAIN =
  /cache|e_?tag|checksum|fingerprint|bucket|dedup|sec-websocket|websocket|thumbnail|memo|avatar|\bha[12]\b|body_?hash|\bhawk/i;

/** A hash that only tells whether two things are the same, by what stands on its line or just before. */
export function isHarmlessHash(rule: string, start: number, source: SourceText): boolean {
  if (rule !== 'weak-hash') {
    return false;
  }
  const { line } = source.position(start);
  const before = source.text
    .split('\n')
    .slice(Math.max(0, line - 4), line)
    .join('\n');
  const next = source.text
    .split('\n', line + 2)
    .slice(line)
    .join('\n');
  return (
    (SAME_AGAIN.test(before) || /gravatar|\bGUID\b/i.test(next)) &&
    !/passw|secret|token/i.test(before)
  );
}

const DEVELOPMENT_SETTINGS =
  /(^|\/)(settings|config|conf|environments?)\/(dev|devel|development|local|debug|testing?)\.\w+$|(^|\/)(dev|development|local)_?(settings|config)\.\w+$|(^|\/)(settings|config)[._](dev|development|local|testing?)\.\w+$/i;
const SETTINGS = new Set([
  'insecure-cookie',
  'any-host-header',
  'debug-on',
  'cors-any-origin',
  'csrf-protection-off',
  'bind-all-addresses',
  'hard-coded-secret',
  'unencrypted-protocol',
]);

/** Settings that only developers run with. */
export const isDevelopmentSetting = (rule: string, file: string): boolean =>
  SETTINGS.has(rule) && DEVELOPMENT_SETTINGS.test(file);
