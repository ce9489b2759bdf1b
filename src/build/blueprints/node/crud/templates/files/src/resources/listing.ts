import { z } from 'zod';

/** How a stored value is compared with that of a filter. */
export type Operator = 'eq' | 'ge' | 'le';

export type FilterValue = string | number | boolean | Date;

export interface Filter {
  property: string;
  operator: Operator;
  value: FilterValue;
}

/** A part of a list: which records, in which order. */
export interface ListQuery {
  limit: number;
  offset: number;
  /** A property. */
  sort: string;
  isDescending: boolean;
  filters: Filter[];
}

/** What every list takes; each resource adds its sorts and filters. */
export const pageShape = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
};

/** Names of a query, and what they mean for the store. */
export interface ListRules {
  /** Wire name -> property. */
  sorts: Record<string, string>;
  /** Wire name -> property and comparison. */
  filters: Record<string, { property: string; operator: Operator }>;
}

interface GivenQuery extends Record<string, FilterValue | undefined> {
  limit: number;
  offset: number;
  sort: string;
}

/** A valid query in the terms of the store. */
export function toListQuery(given: GivenQuery, rules: ListRules): ListQuery {
  const filters = Object.entries(rules.filters).flatMap(([name, rule]) => {
    const value = given[name];
    return value === undefined ? [] : [{ ...rule, value }];
  });
  const isDescending = given.sort.startsWith('-');
  const sort = rules.sorts[given.sort.replace(/^-/, '')] ?? 'createdAt';
  return { limit: given.limit, offset: given.offset, sort, isDescending, filters };
}

/** What a store found. */
export interface Found<Record> {
  records: Record[];
  /** On all pages. */
  total: number;
}

/** A part of a list as it goes out. */
export interface Page<Item> {
  items: Item[];
  total: number;
  limit: number;
  offset: number;
}

export function pageSchema(item: z.ZodType) {
  return z.object({ items: z.array(item), total: z.int(), limit: z.int(), offset: z.int() });
}

export function toPage<Record, Item>(
  { records, total }: Found<Record>,
  { limit, offset }: ListQuery,
  toBody: (record: Record) => Item,
): Page<Item> {
  return { items: records.map(toBody), total, limit, offset };
}
