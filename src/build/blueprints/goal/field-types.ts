import type { FieldType } from '../project-spec.js';
import { FLAGS } from './word-lists.js';

/** Words for types, as people say them. */
const TYPE_WORDS: ReadonlyMap<string, FieldType> = new Map(
  Object.entries({
    string: ['string', 'str', 'varchar'],
    text: ['text', 'longtext', 'markdown'],
    integer: ['integer', 'int', 'number', 'numeric', 'bigint'],
    decimal: ['decimal', 'float', 'double', 'money', 'currency'],
    boolean: ['boolean', 'bool', 'flag', 'checkbox'],
    date: ['date'],
    datetime: ['datetime', 'timestamp'],
    uuid: ['uuid', 'guid'],
    email: ['email'],
    url: ['url', 'link'],
    json: ['json', 'jsonb'],
  } satisfies Partial<Record<FieldType, string[]>>).flatMap(([type, words]) =>
    words.map((word): [string, FieldType] => [word, type as FieldType]),
  ),
);

/** What a name's last word says of its type. */
const LAST_WORDS: readonly [FieldType, string][] = [
  ['email', 'email mail'],
  ['url', 'url uri website link homepage webpage'],
  ['uuid', 'uuid guid'],
  [
    'text',
    'description body content note notes comment text bio biography message instruction remark detail about',
  ],
  ['text', 'instructions details remarks directions'],
  ['datetime', 'at time timestamp datetime moment'],
  ['date', 'date on birthday birthdate dob deadline anniversary day'],
  [
    'integer',
    'quantity count age stock year rating score position rank capacity seat page floor level stars',
  ],
  [
    'integer',
    'priority seats pages hours minutes seconds days weeks months years points views likes duration',
  ],
  ['integer', 'rooms calories credits attempt votes vote mileage'],
  [
    'decimal',
    'price cost total amount balance salary fee tax discount weight height width length latitude longitude',
  ],
  [
    'decimal',
    'percentage percent rate temperature distance budget subtotal wage revenue income expense depth volume',
  ],
  ['json', 'metadata settings attributes payload json options preferences'],
];

const BY_LAST_WORD: ReadonlyMap<string, FieldType> = new Map(
  LAST_WORDS.flatMap(([type, words]) =>
    words.split(' ').map((word): [string, FieldType] => [word, type]),
  ),
);

/** The type that a word names, such as `integer`. */
export function typeNamed(word: string): FieldType | undefined {
  return TYPE_WORDS.get(word);
}

/** The type that a field of this name most likely has. @param words Lower case, as the goal has them. */
export function guessType(words: readonly string[]): FieldType {
  const [first = ''] = words;
  const last = words.at(-1) ?? '';
  if (words.length === 1 && FLAGS.has(last)) {
    return 'boolean';
  }
  if (['is', 'has', 'can', 'should'].includes(first) && words.length > 1) {
    return 'boolean';
  }
  if (last === 'address' && words.includes('email')) {
    return 'email';
  }
  if (first === 'number' && words[1] === 'of') {
    return 'integer';
  }
  return BY_LAST_WORD.get(last) ?? 'string';
}
