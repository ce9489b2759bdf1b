import { wordsOf } from '../../names.js';
import { isNumber } from '../../field-rules.js';
import type { FieldSpec, FieldType } from '../../project-spec.js';
import { takeMeasure } from './bound-phrases.js';
import { takeRule } from './field-rules-phrases.js';
import { guessType, typeNamed } from './field-types.js';
import { takeNoun, textOf } from '../words/noun-phrases.js';
import { areValues, setValues, takeAlternatives, takeWords } from './value-lists.js';
import type { Cursor, Token } from '../words/words.js';

/** Say the type where they end a name; others, such as `date`, belong to it. */
const TYPE_SUFFIXES = new Set([
  ...['string', 'str', 'integer', 'int', 'decimal', 'float', 'boolean', 'bool', 'uuid', 'json'],
  ...['datetime', 'timestamp', 'varchar', 'flag', 'enum'],
]);
const WHOLE_MEASURES = new Set('seconds minutes hours days weeks months years'.split(' '));
/** Types that are never also names. */
const NO_NAMES = new Set([
  'string',
  'str',
  'integer',
  'int',
  'decimal',
  'float',
  'boolean',
  'bool',
  'varchar',
]);
const NOISE = new Set(['field', 'fields', 'column', 'attribute', 'property', 'enum']);

/** A field as a phrase names it, with the rules that follow; the cursor goes past all of it. */
export function takeField(c: Cursor): FieldSpec | undefined {
  return c.attempt(() => {
    const given = takeAdjectives(c);
    const words = takeName(c);
    if (!words || isStatement(words) || isTypeOnly(words)) {
      return undefined;
    }
    // `difficulty easy/medium/hard`: the last word is the first value.
    const hasValues = words.length > 1 && c.isAt('/');
    c.position -= hasValues ? 1 : 0;
    const naming = hasValues ? words.slice(0, -1) : words;
    const named = typeAtEnd(naming) ?? given.type;
    const field = fieldOf(ownWords(naming), named, given);
    const before = field.type;
    if (hasValues && !setValues(field, takeWords(c))) {
      return undefined;
    }
    c.attempt(() => (c.take(':') && takeAlternatives(c, field)) || undefined);
    takeRules(c, field);
    const isMeasured = takeMeasureOf(c, field, named);
    if (c.isAt('(') && !takeBrackets(c, field)) {
      return undefined;
    }
    if (!isMeasured) {
      takeMeasureOf(c, field, named);
    }
    takeRules(c, field);
    return settle(field, field.type !== before || named !== undefined);
  });
}

/** A noun phrase, also one like `price per night`. */
function takeName(c: Cursor): Token[] | undefined {
  const words = takeNoun(c);
  const per = c.token;
  const unit = words && per && c.take('per') ? takeNoun(c) : undefined;
  return words && per && unit ? [...words, per, ...unit] : words;
}

/** `(integer, ...)` says no name; `date` and `text` may be ones. */
function isTypeOnly([word, ...more]: readonly Token[]): boolean {
  return more.length === 0 && word !== undefined && NO_NAMES.has(word.word);
}

/** `employees log hours` */
function isStatement(words: readonly Token[]): boolean {
  return words.some(
    ({ kind }, index) =>
      kind === 'verb' && words[index - 1]?.isPlural === true && index + 1 < words.length,
  );
}

/** What is left of a phrase without its type. */
function ownWords(words: readonly Token[]): Token[] {
  return isTyped(words)
    ? words.slice(0, -1)
    : words.filter(({ word }, index) => index === 0 || !isAddition(word));
}

/** `in minutes`, which makes a number of the field; other words, as in `quantity in bottles`, say nothing of a number. */
function takeMeasureOf(c: Cursor, field: FieldSpec, named: FieldType | undefined): boolean {
  return (
    c.attempt(() => {
      const measure = c.take('in') ? takeMeasure(c) : undefined;
      if (measure !== undefined && !isNumber(named ?? 'string')) {
        field.type = WHOLE_MEASURES.has(measure) ? 'integer' : 'decimal';
      }
      const isCounted = measure === undefined && isNumber(field.type) && c.token?.isPlural === true;
      c.position += isCounted && c.peek(-1)?.word === 'in' ? 1 : 0;
      return measure !== undefined || isCounted || undefined;
    }) ?? false
  );
}

/** A field by its name alone: what the name says of it. */
export function fieldNamed(text: string): FieldSpec {
  const words = text.split(/[\s_-]+/);
  return settle(
    {
      name: wordsOf(text).join('_'),
      type: guessType(words),
      required: true,
      unique: false,
    },
    false,
  );
}

/** A new field by the words of a name, which may end with its type: `is paid boolean`. */
export function fieldOfWords(words: readonly Token[]): FieldSpec {
  const type = typeAtEnd(words);
  const given = { unique: false, required: true };
  return settle(fieldOf(ownWords(words), type, given), type !== undefined);
}

function fieldOf(
  words: readonly Token[],
  type: FieldType | undefined,
  given: { unique: boolean; required: boolean },
): FieldSpec {
  const parts = words.flatMap(({ word }) => word.split('-'));
  return {
    name: wordsOf(textOf(words)).join('_'),
    type: type ?? guessType(parts),
    required: given.required,
    unique: given.unique,
  };
}

/** Rules that depend on the whole phrase. */
function settle(field: FieldSpec, isTypeSaid: boolean): FieldSpec {
  if (field.type === 'boolean' && field.default === undefined) {
    field.default = false;
  }
  if (field.type === 'email' && field.name === 'email' && !isTypeSaid) {
    field.unique = true;
  }
  if (field.type === 'enum' && !field.values) {
    field.type = 'string';
  }
  if (isNumber(field.type) && field.type === 'integer' && !isWhole(field)) {
    field.type = 'decimal';
  }
  return field;
}

function isWhole({ min = 0, max = 0, default: value }: FieldSpec): boolean {
  return [min, max, value].every((each) => typeof each !== 'number' || Number.isInteger(each));
}

function takeAdjectives(c: Cursor) {
  const given = { unique: false, required: true, type: undefined as FieldType | undefined };
  c.take('a|an|the|their|its|his|her');
  for (;;) {
    const next = c.peek();
    const isFollowed = next !== undefined && !next.isMark && next.kind !== 'other';
    const type = isFollowed && c.token ? typeNamed(c.token.word) : undefined;
    if (c.take('unique')) {
      given.unique = true;
    } else if (c.take('optional|nullable')) {
      given.required = false;
    } else if (c.take('required|mandatory') || takeTruism(c)) {
      given.required = true;
    } else if (type && c.token && TYPE_SUFFIXES.has(c.token.word) && next?.word !== 'flag') {
      given.type = type;
      c.position += 1;
    } else {
      return given;
    }
  }
}

/** `a valid email`; `valid until` is a name. */
function takeTruism(c: Cursor): boolean {
  const next = c.peek()?.word ?? '';
  return !['from', 'until', 'till'].includes(next) && c.take('positive|valid|validated');
}

function typeAtEnd(words: readonly Token[]): FieldType | undefined {
  const last = words.at(-1);
  return words.length > 1 && last && (TYPE_SUFFIXES.has(last.word) || isTyped(words))
    ? typeNamed(last.word)
    : undefined;
}

/** `published_on date`: a name as programs have it, and its type. */
function isTyped([name, type, ...more]: readonly Token[]): boolean {
  const isIdentifier = name !== undefined && /_|\p{Ll}\p{Lu}/u.test(name.text);
  return isIdentifier && more.length === 0 && typeNamed(type?.word ?? '') !== undefined;
}

function isAddition(word: string): boolean {
  return NOISE.has(word) || TYPE_SUFFIXES.has(word);
}

function takeRules(c: Cursor, field: FieldSpec): void {
  let isRule = true;
  while (isRule) {
    isRule = takeRule(c, field) || takeLateDefault(c, field);
  }
}

/** `a level (low or high), default low` */
function takeLateDefault(c: Cursor, field: FieldSpec): boolean {
  return (
    c.attempt(() => {
      const isDefault = c.take(',') && c.isAt('default|defaults|defaulting');
      return (isDefault && takeRule(c, field)) || undefined;
    }) ?? false
  );
}

/** `(unique, required)`, `(string, max 100)`, `(draft, published)` */
function takeBrackets(c: Cursor, field: FieldSpec): boolean {
  return (
    c.attempt(() => {
      c.take('(');
      c.attempt(() => {
        const words = takeWords(c, true);
        return (areValues(words, field.name) && setValues(field, words)) || undefined;
      });
      c.takeAny([',', ';', 'and']);
      while (!c.take(')')) {
        if (!takeRule(c, field) || c.isAtEnd) {
          return undefined;
        }
        c.takeAny([', and', ',', ';', '/', 'and']);
      }
      return true;
    }) ?? false
  );
}
