import { takeThing } from './noun-phrases.js';
import type { Reading } from './reading.js';
import type { Cursor } from './words.js';

const MANY_TO_MANY = ['many-to-many', 'many to many', 'n : m'];
const RELATION = 'relation|relationship|relations|relationships|association|link';

/** `a many-to-many relation between students and courses`: both are stored, and that they are related is told. */
export function readManyToMany(c: Cursor, reading: Reading): boolean {
  return (
    c.attempt(() => {
      c.take('a|an|the');
      return takeManyToMany(c) && c.take('between') ? takeBoth(c, reading) : undefined;
    }) ??
    c.attempt(() => {
      const pair = takePair(c, 'and');
      const isSaid = pair && c.takeAny(['are|is in a', 'are|is', 'have|has a', 'share a']);
      return isSaid && takeManyToMany(c) ? note(pair, reading) : undefined;
    }) ??
    c.attempt(() => {
      const one = takeThing(c);
      const isSaid = one !== undefined && c.takeAny(['has|have a', 'has|have', 'is|are in a']);
      const other = isSaid && takeManyToMany(c) && c.take('with|to') ? takeThing(c) : undefined;
      return one !== undefined && other !== undefined ? note([one, other], reading) : undefined;
    }) ??
    false
  );
}

function takeManyToMany(c: Cursor): boolean {
  const isThere = c.takeAny(MANY_TO_MANY);
  return isThere && (c.take(RELATION) || true);
}

function takeBoth(c: Cursor, reading: Reading): true | undefined {
  const pair = takePair(c, 'and');
  return pair && note(pair, reading);
}

function takePair(c: Cursor, between: string): [string, string] | undefined {
  const one = takeThing(c);
  const other = one !== undefined && c.take(between) ? takeThing(c) : undefined;
  return one !== undefined && other !== undefined ? [one, other] : undefined;
}

function note([one, other]: [string, string], { drafts, notes, sentence }: Reading): true {
  const [a, b] = [drafts.ensure(one), drafts.ensure(other)];
  notes.push(
    `Not available, left out: a many-to-many relation of ${a.name} and ${b.name} ('${sentence}')`,
  );
  return true;
}
