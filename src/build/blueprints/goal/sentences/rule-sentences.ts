import type { FieldSpec, ResourceSpec } from '../../project-spec.js';
import { Drafts, putField } from '../drafts.js';
import { fieldOfWords } from '../fields/field-phrase.js';
import { takeRule } from '../fields/field-rules-phrases.js';
import { typeNamed } from '../fields/field-types.js';
import { takeNoun, takeThing, textOf } from '../words/noun-phrases.js';
import type { Reading } from '../reading.js';
import type { Cursor, Token } from '../words/words.js';

/** `quantity can't be negative`, `a product's sku is unique`, `the title of a post has at most 100 characters` */
export function readRuleOf(c: Cursor, reading: Reading): boolean {
  const words = takeNoun(c);
  const { drafts } = reading;
  if (!words || reading.isKnown(textOf(words))) {
    return false;
  }
  const of = c.attempt(() => (c.take('of|in|on') ? takeThing(c) : undefined));
  const first = words.length > 1 ? drafts.find(words[0]?.word ?? '') : undefined;
  const isOwnerFirst = of === undefined && first !== undefined;
  const own = isOwnerFirst ? words.slice(1) : words;
  // Of something that is only spoken of here: it is there once the rule is read.
  const owner =
    of === undefined ? first : (drafts.find(of) ?? new Drafts([], new Set()).ensure(of));
  const place = placeOf(own, owner, reading);
  if (!place) {
    return false;
  }
  const field: FieldSpec = { ...place.field };
  const isRead = takeRule(c, field);
  let isGoingOn = isRead;
  while (isGoingOn) {
    isGoingOn =
      c.attempt(() => {
        c.takeAny([', and', ',', 'and']);
        // A field of that name, such as `currency`, is more likely than another type for this one.
        const isField = typeNamed(c.token?.word ?? '') !== undefined;
        return (!isField && takeRule(c, field)) || undefined;
      }) ?? false;
  }
  if (isRead) {
    const resource = drafts.ensure(place.resource.name);
    putField(resource, field);
    drafts.current = resource;
  }
  return isRead;
}

/** The field of that name; none: a new one of the thing that the goal speaks of. */
function placeOf(
  words: readonly Token[],
  of: ResourceSpec | undefined,
  { drafts, isLost, isElsewhere }: Reading,
): { resource: ResourceSpec; field: FieldSpec } | undefined {
  if (of === undefined && isElsewhere) {
    return undefined;
  }
  const candidates = of ? [of] : [...(drafts.current ? [drafts.current] : []), ...drafts.all];
  const name = textOf(words);
  for (const resource of candidates) {
    const field = drafts.findField(name, resource);
    if (field) {
      return { resource, field };
    }
  }
  const resource = of ?? (isLost ? undefined : drafts.current);
  return resource && !drafts.find(name) ? { resource, field: fieldOfWords(words) } : undefined;
}
