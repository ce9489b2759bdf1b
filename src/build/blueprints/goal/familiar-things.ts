import type { ResourceSpec } from '../project-spec.js';
import type { Drafts } from './drafts.js';
import { fieldNamed } from './fields/field-phrase.js';

/** What people mean by things of which they say nothing; `?`: may be left out. */
const FIELDS = new Map(
  Object.entries<string>({
    ...{ post: 'title, body', article: 'title, body', page: 'title, body', note: 'title, body' },
    ...{
      comment: 'body',
      reply: 'body',
      message: 'body',
      answer: 'body',
      question: 'title, body?',
    },
    ...{ todo: 'title, done', task: 'title, description?, done', ticket: 'title, description' },
    ...{ product: 'name, price, description?', item: 'name, description?', order: 'total' },
    ...{ invoice: 'number, amount', line_item: 'quantity, price', order_item: 'quantity, price' },
    ...{ customer: 'name, email?', contact: 'name, email?, phone?', supplier: 'name, email?' },
    ...{ student: 'name, email?', teacher: 'name, email?', employee: 'name, email?' },
    ...{ member: 'name, email?', author: 'name', patient: 'name, birthday?', doctor: 'name' },
    ...{
      book: 'title, isbn?',
      movie: 'title, year?',
      song: 'title',
      album: 'title',
      course: 'title',
    },
    ...{
      photo: 'title?, url',
      bookmark: 'title, url',
      link: 'title?, url',
      review: 'rating, body?',
    },
    ...{
      recipe: 'title, instructions?',
      ingredient: 'name',
      event: 'title, start time, location?',
    },
    ...{ booking: 'start time, end time', appointment: 'start time', loan: 'due date' },
    ...{ category: 'name', tag: 'name', project: 'name, description?', expense: 'amount, date' },
  }),
);

/** What is part of something belongs to the first of these that there is. */
const WHOLES = new Map(
  Object.entries<string>({
    comment: 'post article photo ticket task recipe movie book',
    reply: 'comment message post ticket',
    answer: 'question',
    line_item: 'order invoice',
    order_item: 'order',
    order: 'customer',
    review: 'product book movie recipe restaurant hotel',
    message: 'room channel conversation chat',
    loan: 'book',
    photo: 'album',
  }),
);

/** Whether it is a thing of which everybody knows what it is. */
export function isFamiliar(name: string): boolean {
  return FIELDS.has(name);
}

/**
 * Gives new things of which the goal says nothing what such things have, and makes parts belong to their wholes.
 *
 * @returns a note on each such decision
 */
export function completeFamiliar(drafts: Drafts, isNew: (name: string) => boolean): string[] {
  const added = drafts.all.filter(({ name }) => isNew(name));
  // First what was said: the fields given here say nothing of relations.
  const bare = new Set(added.filter(({ fields }) => fields.length === 0));
  return [
    ...added.flatMap((thing) => belongToWhole(thing, drafts)),
    ...[...bare].flatMap(giveFields),
  ];
}

function belongToWhole(thing: ResourceSpec, drafts: Drafts): string[] {
  const names = (WHOLES.get(thing.name) ?? '').split(' ');
  const whole = drafts.all.find(({ name }) => names.includes(name));
  if (!whole || thing.belongsTo.length > 0 || !drafts.relate(thing, whole)) {
    return [];
  }
  return [`It is not said what ${thing.name} belongs to: it belongs to ${whole.name}`];
}

function giveFields(thing: ResourceSpec): string[] {
  const names = FIELDS.get(thing.name)?.split(', ') ?? [];
  thing.fields = names.map((text) => {
    const isOptional = text.endsWith('?');
    return { ...fieldNamed(text.replace('?', '')), ...(isOptional && { required: false }) };
  });
  const list = thing.fields.map(({ name }) => name).join(', ');
  return list === '' ? [] : [`No field of ${thing.name} is said: it has ${list}`];
}
