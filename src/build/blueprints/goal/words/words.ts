import nlp from 'compromise';
import { singular } from '../../names.js';

/** A word, a number or a mark of a goal. */
export interface Token {
  /** As the goal has it. */
  text: string;
  /** Lower case. */
  word: string;
  /** Lower case, singular. */
  key: string;
  start: number;
  end: number;
  isMark: boolean;
  isPlural: boolean;
  /** What kind of word the library takes it for. */
  kind: 'noun' | 'verb' | 'adjective' | 'number' | 'other';
}

const TOKEN =
  /-?\d+(?:\.\d+)?(?![\p{L}\p{N}_])|\p{L}+(?=['’](?:ve|re|ll)\b)|['’](?:ve|re|ll)\b|[\p{L}\p{N}_]+(?:['’.-][\p{L}\p{N}_]+)*|>=|<=|[^\s]/giu;
/** Other ways to write a word. */
const SAME_AS = new Map(
  Object.entries<string>({
    ...{ "'ve": 'have', "'re": 'are', "'ll": 'will', 'e-mail': 'email', 'e-mails': 'emails' },
    ...{ '|': '/', '-': ':', '–': ':', '—': ':' },
  }),
);

/** Terms of the trade that a general dictionary takes for something else. */
const LEXICON = Object.fromEntries([
  ...['todo', 'sku', 'isbn', 'url', 'slug', 'crud', 'email', 'uuid', 'backlog', 'signup'].map(
    (word) => [word, 'Noun'],
  ),
  ...['todos', 'skus', 'posts', 'orders', 'notes', 'reviews', 'bookings', 'tasks', 'books'].map(
    (word) => [word, 'Plural'],
  ),
]);

/** The sentences of a goal as tokens, without the marks that end them; pure. */
export function sentencesOf(goal: string): Token[][] {
  const tags = tagsByOffset(goal);
  const sentences: Token[][] = [[]];
  let end = 0;
  let depth = 0;
  for (const match of goal.matchAll(TOKEN)) {
    const [text] = match;
    const isNewLine = /\n/.test(goal.slice(end, match.index));
    end = match.index + text.length;
    if (isNewLine) {
      sentences.push([]);
    }
    depth = isNewLine ? 0 : Math.max(0, depth + (text === '(' ? 1 : text === ')' ? -1 : 0));
    if (/^[.;!?]$/.test(text) && (depth === 0 || text !== ';')) {
      sentences.push([]);
    } else if (!/^["`“”]$/.test(text) && !isBullet(text, sentences.at(-1))) {
      sentences.at(-1)?.push(tokenAt(text, match.index, tags.get(match.index) ?? []));
    }
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

function isBullet(text: string, sentence: readonly Token[] = []): boolean {
  return sentence.length === 0 && /^[-–—*•]$/.test(text);
}

function tokenAt(text: string, start: number, tags: readonly string[]): Token {
  const written = text.toLowerCase().replace(/’/g, "'");
  const word = SAME_AS.get(written) ?? written;
  const isMark = !/[\p{L}\p{N}]/u.test(text);
  const key = isMark ? word : singular(word);
  const has = (tag: string) => tags.includes(tag);
  return {
    text,
    word,
    key,
    start,
    end: start + text.length,
    isMark,
    isPlural: !isMark && (has('Plural') || key !== word),
    kind: /^-?\d+(\.\d+)?$/.test(word)
      ? 'number'
      : has('Noun') || has('Acronym') || has('Expression')
        ? 'noun'
        : has('Verb')
          ? 'verb'
          : has('Adjective')
            ? 'adjective'
            : 'other',
  };
}

function tagsByOffset(goal: string): Map<number, string[]> {
  const tags = new Map<number, string[]>();
  const sentences = nlp(goal, LEXICON).json({ offset: true }) as {
    terms: { tags: string[]; offset: { start: number; length: number } }[];
  }[];
  for (const { terms } of sentences) {
    for (const term of terms) {
      // The second half of a contraction has no text of its own.
      if (term.offset.length > 0 && !tags.has(term.offset.start)) {
        tags.set(term.offset.start, term.tags);
      }
    }
  }
  return tags;
}

/** Reads the tokens of a sentence from left to right. */
export class Cursor {
  constructor(
    readonly tokens: readonly Token[],
    public position = 0,
  ) {}

  get token(): Token | undefined {
    return this.tokens[this.position];
  }

  peek(ahead = 1): Token | undefined {
    return this.tokens[this.position + ahead];
  }

  get isAtEnd(): boolean {
    return this.position >= this.tokens.length;
  }

  /** Whether these words come next; each may be one of several (`may|can`). */
  isAt(phrase: string): boolean {
    return choicesOf(phrase).every((words, ahead) => words.has(this.peek(ahead)?.word ?? ''));
  }

  /** Goes past these words where they come next. */
  take(phrase: string): boolean {
    const isThere = this.isAt(phrase);
    if (isThere) {
      this.position += choicesOf(phrase).length;
    }
    return isThere;
  }

  /** Goes past the first of these phrases that comes next. */
  takeAny(phrases: readonly string[]): boolean {
    return phrases.some((phrase) => this.take(phrase));
  }

  takeNumber(): number | undefined {
    const { token } = this;
    const value = token === undefined ? NaN : Number(NUMBER_WORDS.get(token.word) ?? token.word);
    if (token === undefined || token.isMark || Number.isNaN(value)) {
      return undefined;
    }
    this.position += 1;
    return value;
  }

  /** Runs `parse`; where it gives nothing the position is as before. */
  attempt<T>(parse: () => T | undefined): T | undefined {
    const before = this.position;
    const result = parse();
    if (result === undefined) {
      this.position = before;
    }
    return result;
  }
}

/** Phrases are constants of the readers; taking them apart each time took a third of the reading. */
const choices = new Map<string, readonly ReadonlySet<string>[]>();

function choicesOf(phrase: string): readonly ReadonlySet<string>[] {
  let words = choices.get(phrase);
  if (!words) {
    words = phrase.split(' ').map((each) => new Set(each.split('|')));
    choices.set(phrase, words);
  }
  return words;
}

const NUMBER_WORDS = new Map(
  Object.entries<number>({
    ...{ zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9 },
    ...{ ten: 10, twenty: 20, fifty: 50, hundred: 100 },
  }),
);
