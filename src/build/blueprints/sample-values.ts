import type { FieldView } from './resource-view.js';

export type Json = string | number | boolean | null | object;

/** A text that tests write as an expression: 10,000 characters have no place in source. */
export class LongText {
  /** @param key Of an object around it; absent: the text by itself. */
  constructor(
    readonly length: number,
    readonly key?: string,
  ) {}

  /** As source, where it is short enough for a literal of its own. */
  get isShort(): boolean {
    return this.length < 20;
  }
}

export interface SampleValues {
  /** Three valid ones, different wherever the rules leave room. */
  valid: [Json, Json, Json];
  /** Valid ones at the edges of the rules. */
  edges: (Json | LongText)[];
  invalid: (Json | LongText)[];
}

/** Values for the tests of one field, the same in every language. */
export function sampleValuesOf(field: FieldView): SampleValues {
  return {
    valid: [sampleOf(field, 1), sampleOf(field, 2), sampleOf(field, 3)],
    edges: edgesOf(field),
    invalid: [...(field.isNullable ? [] : [null]), ...invalidOf(field)],
  };
}

function sampleOf(field: FieldView, number: number): Json {
  const { bounds, values = [] } = field;
  switch (field.type) {
    case 'string':
    case 'text': {
      const { min, max } = bounds ?? { min: 0, max: 1 };
      // The number stands at the end, which is kept, so that short ones differ, too.
      return `${field.label} ${number}`.padStart(min, 'x').slice(-max);
    }
    case 'integer':
    case 'decimal':
      return numberBetween(field, number);
    case 'boolean':
      return number % 2 === 1;
    case 'date':
      return `2024-01-0${number}`;
    case 'datetime':
      return `2024-01-0${number}T08:30:00Z`;
    case 'uuid':
      return `00000000-0000-4000-8000-00000000000${number}`;
    case 'email':
      return `person${number}@example.com`;
    case 'url':
      return `https://example.com/${number}`;
    case 'enum':
      return values[(number - 1) % values.length] ?? '';
    case 'json':
      return { number };
  }
}

function numberBetween({ bounds, type }: FieldView, number: number): number {
  const { min, max } = bounds ?? { min: 0, max: 0 };
  const first = min <= 1 && max >= 4 ? 1 : min;
  const step = type === 'decimal' && max - first < 2 ? (max - first) / 4 : 1;
  const value = Math.min(max, first + (number - 1) * step);
  const half = type === 'decimal' && step === 1 && value + 0.5 <= max ? 0.5 : 0;
  return Number((value + half).toFixed(4));
}

/** Each once: linters object to a case that is there twice. */
function edgesOf({ type, bounds, min, max }: FieldView): (Json | LongText)[] {
  const ends = bounds ? [...new Set([bounds.min, bounds.max])] : [];
  if (type === 'string' || type === 'text') {
    return ends.map((length) => new LongText(length));
  }
  if (type === 'integer') {
    return ends;
  }
  return type === 'decimal' ? [...new Set([min ?? [], max ?? []].flat())] : [];
}

function invalidOf({ type, bounds, min, max }: FieldView): (Json | LongText)[] {
  switch (type) {
    case 'string':
    case 'text':
      return [
        ...(bounds && bounds.min > 0 ? [new LongText(bounds.min - 1)] : []),
        new LongText((bounds?.max ?? 0) + 1),
        'nul\0',
        7,
      ];
    case 'integer':
      return [...(bounds ? [bounds.min - 1, bounds.max + 1] : []), 0.5, 'many'];
    case 'decimal':
      return [
        ...(min === undefined ? [] : [Number((min - 0.01).toFixed(4))]),
        ...(max === undefined ? [] : [Number((max + 0.01).toFixed(4))]),
        0.00001,
        99_999_999_999,
        'much',
      ];
    case 'boolean':
      return ['perhaps'];
    case 'date':
      return ['2024-02-30', 'soon'];
    case 'datetime':
      return ['2024-01-01T08:00:00', '0001-01-01T00:00:00+14:00', 'soon'];
    case 'uuid':
      return ['1'];
    case 'email':
      return ['nobody', 'a@b@example.com'];
    case 'url':
      return ['nowhere', 'ftp://example.com/'];
    case 'enum':
      return ['no such value'];
    case 'json':
      return [[], 'text', { nul: 'nul\0' }, new LongText(10_000, 'long')];
  }
}
