import pluralize from 'pluralize';

/** Every form of one name that code, tables and routes use. */
export interface Names {
  /** `order_item` */
  snake: string;
  snakePlural: string;
  /** `orderItem` */
  camel: string;
  camelPlural: string;
  /** `OrderItem` */
  pascal: string;
  pascalPlural: string;
  /** `order-item`: routes and files. */
  kebab: string;
  kebabPlural: string;
  /** `order item`: for people. */
  label: string;
  labelPlural: string;
  /** `an order item` */
  withArticle: string;
}

/** The words of a name in any of the usual forms: `OrderItems`, `order_items` and `order items` alike. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/['’]s?\b/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** `Order Items` -> `order_item`. */
export function singularName(name: string): string {
  const words = wordsOf(name);
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('_');
}

const ABBREVIATIONS = new Set([
  'os',
  'ios',
  'macos',
  'gps',
  'dns',
  'sms',
  'rss',
  'css',
  'https',
  'pos',
]);

/** One word; those that end in `s` in the singular stay (`status`, `address`). */
export function singular(word: string): string {
  return /(ss|us|is)$/.test(word) || ABBREVIATIONS.has(word) ? word : pluralize.singular(word);
}

/** @param name Singular, in snake_case. */
export function namesOf(name: string): Names {
  const words = name.split('_');
  const plural = [...words.slice(0, -1), pluralize.plural(words.at(-1) ?? '')];
  return {
    snake: words.join('_'),
    snakePlural: plural.join('_'),
    camel: camelOf(words),
    camelPlural: camelOf(plural),
    pascal: pascalOf(words),
    pascalPlural: pascalOf(plural),
    kebab: words.join('-'),
    kebabPlural: plural.join('-'),
    label: words.join(' '),
    labelPlural: plural.join(' '),
    withArticle: `${startsWithVowelSound(words[0] ?? '') ? 'an' : 'a'} ${words.join(' ')}`,
  };
}

export function pascalOf(words: string[]): string {
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

export function camelOf(words: string[]): string {
  const pascal = pascalOf(words);
  return pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
}

function startsWithVowelSound(word: string): boolean {
  return /^(?!(uni|use|usa|euro|one))[aeiou]|^hour/.test(word);
}
