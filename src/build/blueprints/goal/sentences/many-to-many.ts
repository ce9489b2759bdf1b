import { singularName } from '../../names.js';
import { takeThing } from '../words/noun-phrases.js';
import { noteManyToMany, type Reading } from '../reading.js';
import type { Cursor } from '../words/words.js';

const MANY_TO_MANY = ['many-to-many', 'many to many', 'n : m'];
const MANY = 'many|several|multiple';
const RELATION = 'relation|relationship|relations|relationships|association|link';

/** `a many-to-many relation between students and courses`: both are stored, and that they are related is told. */
export function readManyToMany(c: Cursor, reading: Reading): boolean {
  return (
    c.attempt(() => takeMutual(c, reading)) ??
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

/** `a post has many tags and a tag many posts` */
function takeMutual(c: Cursor, reading: Reading): true | undefined {
  const [one, other] = [takeThing(c), takeMany(c) && takeThing(c)];
  const isJoined = c.takeAny([', and', ', while', ',', 'and', 'while']);
  if (one === undefined || !other || !isJoined) {
    return undefined;
  }
  const back = takeThing(c);
  const first = back !== undefined && (takeMany(c) || c.take(MANY)) ? takeThing(c) : undefined;
  const isSame =
    back !== undefined &&
    first !== undefined &&
    singularName(back) === singularName(other) &&
    singularName(first) === singularName(one);
  return isSame ? note([one, other], reading) : undefined;
}

function takeMany(c: Cursor): boolean {
  return c.takeAny([`can|may have|contain ${MANY}`, `has|have|contains|contain ${MANY}`]);
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

function note([one, other]: [string, string], reading: Reading): true {
  const { drafts } = reading;
  noteManyToMany(drafts.ensure(one), drafts.ensure(other), reading);
  return true;
}
