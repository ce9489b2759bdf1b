import { randomInt } from 'node:crypto';

/** Without characters that are taken for each other (0 O, 1 l I). */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A password to read from a terminal and type: 24 characters (139 bits) in groups of six. */
export function randomPassword(): string {
  const group = () =>
    Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
