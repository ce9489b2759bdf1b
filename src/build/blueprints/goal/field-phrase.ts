import { wordsOf } from '../names.js';
import { isNumber } from '../field-rules.js';
import type { FieldSpec, FieldType } from '../project-spec.js';
import { setValues, takeRule, takeWords } from './field-rules-phrases.js';
import { guessType, typeNamed } from './field-types.js';
import { takeNoun, textOf } from './noun-phrases.js';
import type { Cursor, Token } from './words.js';

/** Say the type where they end a name; others, such as `date`, belong to it. */
const TYPE_SUFFIXES = new Set([
  ...['string', 'str', 'integer', 'int', 'decimal', 'float', 'boolean', 'bool', 'uuid', 'json'],
  ...['datetime', 'timestamp', 'varchar', 'flag', 'enum'],
]);
const UNITS_OF_MEASURE =
  'seconds|minutes|hours|days|weeks|months|years|kg|kilograms|grams|g|km|kilometers|meters|cm|usd|eur|dollars|euros|cents|percent';
/** Fields whose values are called as types are: a question of type `text`. */
const KINDS = new Set(['type', 'kind', 'format', 'mode', 'channel', 'medium']);
const NOISE = new Set(['field', 'fields', 'column', 'attribute', 'property', 'enum']);

/** A field as a phrase names it, with the rules that follow; the cursor goes past all of it. */
export function takeField(c: Cursor): FieldSpec | undefined {
  return c.attempt(() => {
    const given = takeAdjectives(c);
    const words = takeNoun(c);
    if (!words) {
      return undefined;
    }
    const named = typeAtEnd(words) ?? given.type;
    const own = words.filter(({ word }, index) => index === 0 || !isAddition(word));
    const field = fieldOf(own, named, given);
    const before = field.type;
    takeRules(c, field);
    if (c.isAt('(') && !takeBrackets(c, field)) {
      return undefined;
    }
    c.take(`in ${UNITS_OF_MEASURE}`);
    takeRules(c, field);
    return settle(field, field.type !== before || named !== undefined);
  });
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
    } else if (c.take('required|mandatory') || c.take('positive|valid|validated')) {
      given.required = true;
    } else if (type && c.token && TYPE_SUFFIXES.has(c.token.word) && next?.word !== 'flag') {
      given.type = type;
      c.position += 1;
    } else {
      return given;
    }
  }
}

function typeAtEnd(words: readonly Token[]): FieldType | undefined {
  const last = words.at(-1);
  return words.length > 1 && last && TYPE_SUFFIXES.has(last.word)
    ? typeNamed(last.word)
    : undefined;
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
      const values = c.attempt(() => {
        const words = takeWords(c);
        return c.take(')') && areValues(words, field.name) ? words : undefined;
      });
      if (values) {
        return setValues(field, values) || undefined;
      }
      while (!c.take(')')) {
        if (!takeRule(c, field) || c.isAtEnd) {
          return undefined;
        }
        c.takeAny([',', 'and']);
      }
      return true;
    }) ?? false
  );
}

/** `(text, choice or rating)` are values, of a type or kind also `(text, number)`; `(text, required)` are rules. */
function areValues(words: readonly string[], fieldName: string): boolean {
  const types = words.filter((word) => typeNamed(word) !== undefined).length;
  const isOfKinds = types < words.length - 1 || KINDS.has(fieldName.split('_').at(-1) ?? '');
  return words.length > 1 && !words.some(isRule) && (types === 0 || isOfKinds);
}

function isRule(word: string): boolean {
  const rules = ['unique', 'required', 'optional', 'mandatory', 'positive', 'nullable'];
  return rules.includes(word) || /\d/.test(word) || word.includes('_than');
}
