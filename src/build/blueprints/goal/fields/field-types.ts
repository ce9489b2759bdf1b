import type { FieldType } from '../../project-spec.js';
import { FLAGS } from '../words/word-lists.js';

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
  ['date', 'date on birthday birthdate dob deadline anniversary day from until till'],
  [
    'integer',
    'quantity count age stock year rating score position rank capacity seat page floor level stars',
  ],
  [
    'integer',
    'priority seats pages hours minutes seconds days weeks months years points views likes duration',
  ],
  ['integer', 'rooms calories credits attempt votes vote mileage servings bedrooms bathrooms beds'],
  ['integer', 'uses doors floors population cents'],
  [
    'decimal',
    'price cost total amount balance salary fee tax discount weight height width length latitude longitude',
  ],
  [
    'decimal',
    'percentage percent rate temperature distance budget subtotal wage revenue income expense depth volume',
  ],
  ['decimal', 'rent deposit fare premium speed pressure altitude area radius meters metres'],
  ['json', 'metadata settings attributes payload json options preferences'],
];

const BY_LAST_WORD: ReadonlyMap<string, FieldType> = new Map(
  LAST_WORDS.flatMap(([type, words]) =>
    words.split(' ').map((word): [string, FieldType] => [word, type]),
  ),
);

/** With `time` they tell how long something takes, not when. */
const DURATIONS = new Set([
  ...['prep', 'preparation', 'cook', 'cooking', 'baking', 'lead', 'response', 'processing'],
  ...['travel', 'waiting', 'running', 'reading', 'total', 'travelling', 'setup'],
]);

/** `number of seats`, `date of birth`. */
const TYPES_BEFORE_OF = new Map(
  Object.entries<FieldType>({
    ...{ number: 'integer', date: 'date', time: 'datetime' },
  }),
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
  const per = words.indexOf('per');
  if (per > 0) {
    return guessType(words.slice(0, per));
  }
  if (last === 'time' && DURATIONS.has(words.at(-2) ?? '')) {
    return 'integer';
  }
  const of = words.indexOf('of');
  if (of > 0) {
    return TYPES_BEFORE_OF.get(words[of - 1] ?? '') ?? 'string';
  }
  return BY_LAST_WORD.get(last) ?? 'string';
}
