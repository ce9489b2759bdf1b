import { wordsOf } from '../names.js';
import type { Drafts } from './drafts.js';
import { fieldNamed } from './fields/field-phrase.js';
import type { Reading } from './reading.js';
import { NO_THING, PROGRAMS } from './words/word-lists.js';
import type { Token } from './words/words.js';

/** What everybody expects of a product: `thing < parents: fields`; without fields: those of the familiar thing. */
const PRODUCTS = new Map(
  Object.entries<string[]>({
    blog: ['post', 'comment < post'],
    shop: ['product', 'customer', 'order < customer', 'order_item < order product'],
    bookshop: [
      'book: title, isbn, price',
      'customer',
      'order < customer',
      'order_item < order book',
    ],
    library: ['book', 'member', 'loan < book member'],
    forum: ['topic: title', 'post < topic: body'],
    crm: ['company: name', 'contact < company', 'deal < contact: title, amount'],
    helpdesk: ['customer', 'ticket < customer', 'comment < ticket'],
    hotel: ['room: number, price', 'guest: name, email', 'booking < room guest'],
    restaurant: ['dish: name, price', 'reservation: guest name, start time, number of guests'],
    school: ['teacher', 'student', 'course < teacher', 'enrolment < student course: start date'],
    clinic: ['doctor', 'patient', 'appointment < doctor patient'],
    cinema: ['movie', 'screening < movie: start time, price'],
    survey: ['survey: title', 'question < survey: text', 'answer < question: text'],
    quiz: ['quiz: title', 'question < quiz: text', 'answer < question: text, is correct'],
  }),
);

const ALIASES = new Map(
  Object.entries<string>({
    ...{ store: 'shop', webshop: 'shop', ecommerce: 'shop', 'e-commerce': 'shop' },
    ...{ bookstore: 'bookshop', university: 'school', hospital: 'clinic' },
  }),
);

/** Mean something else, too, where no word for a program follows: a library of code, a single survey. */
const AMBIGUOUS = new Set(['library', 'store', 'survey', 'quiz']);

const ARTICLES = new Set(['a', 'an', 'my', 'our']);
const ADJECTIVES = new Set([
  'online',
  'personal',
  'public',
  'tiny',
  'little',
  'typical',
  'classic',
]);
/** What is made of these is the product itself; anything else is done to it. */
const PRECEDE = new Set(
  'build create make implement write generate develop design need want me us up please'.split(' '),
);
/** The phrase is over before them; `a blog post` is no blog, `a library that parses dates` none of books. */
const FOLLOW = new Set('with without using and plus on in including'.split(' '));

/** A product that a goal names without a word on what it stores. */
export interface FamiliarProduct {
  understood: readonly Token[];
  note: string;
}

/** Gives `a blog` what blogs store, where no sentence says what the product stores. */
export function addFamiliarProduct(
  sentences: readonly (readonly Token[])[],
  { drafts, isKnown }: Pick<Reading, 'drafts' | 'isKnown'>,
): FamiliarProduct | undefined {
  for (const sentence of sentences) {
    const found = productIn(sentence);
    if (found) {
      const things = found.things.map((text) => addThing(text, drafts));
      return {
        // What it is built with is read with the wishes: `a NestJS blog`.
        understood: found.tokens.filter(({ word }) => !isKnown(word)),
        note: `It is not said what the ${found.name} stores: it has ${things.join(', ')}`,
      };
    }
  }
  return undefined;
}

function productIn(sentence: readonly Token[]) {
  const at = sentence.findIndex(({ word }) => productOf(word) !== undefined);
  const name = sentence[at]?.word ?? '';
  const things = productOf(name);
  if (!things) {
    return undefined;
  }
  let start = at;
  while (start > 0 && isAdjective(sentence[start - 1])) {
    start -= 1;
  }
  start -= ARTICLES.has(sentence[start - 1]?.word ?? '') ? 1 : 0;
  let end = at + 1;
  while (sentence[end] && NO_THING.has(sentence[end]?.word ?? '')) {
    end += 1;
  }
  const isProgram = sentence.slice(at + 1, end).some(({ key }) => PROGRAMS.has(key));
  const after = sentence[end];
  const isWhole =
    mayPrecede(sentence, start) &&
    (after === undefined || after.isMark || FOLLOW.has(after.word)) &&
    (isProgram || !AMBIGUOUS.has(name) || ADJECTIVES.has(sentence[at - 1]?.word ?? ''));
  return isWhole ? { name, things, tokens: sentence.slice(start, end) } : undefined;
}

/** `build a blog`, `an API for a blog`; authentication for a blog is only the authentication. */
function mayPrecede(sentence: readonly Token[], start: number): boolean {
  const [beforeIt, before] = [sentence[start - 2], sentence[start - 1]];
  if (before?.word === 'for') {
    return beforeIt !== undefined && PROGRAMS.has(beforeIt.key);
  }
  return before === undefined || before.isMark || PRECEDE.has(before.word);
}

function productOf(name: string): string[] | undefined {
  return PRODUCTS.get(ALIASES.get(name) ?? name);
}

function isAdjective(token: Token | undefined): boolean {
  return token !== undefined && (ADJECTIVES.has(token.word) || NO_THING.has(token.word));
}

function addThing(text: string, drafts: Drafts): string {
  const [head = '', fields = ''] = text.split(': ');
  const [name = '', parents = ''] = head.split(' < ');
  const thing = drafts.ensure(name);
  thing.fields = fields === '' ? [] : fields.split(', ').map(fieldNamed);
  for (const parent of parents.split(' ').filter((each) => each !== '')) {
    drafts.relate(thing, drafts.ensure(parent));
  }
  return wordsOf(name).join(' ');
}
