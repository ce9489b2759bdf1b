import { XMLParser } from 'fast-xml-parser';
import {
  addHit,
  hitsOf,
  isObject,
  type LineHits,
  type ReportedCoverage,
} from '../reported-coverage.js';

/** What may stand before the root: Istanbul names the public DTD, which is never fetched. No internal subset. */
const EXTERNAL_DOCTYPE =
  /^(\uFEFF?\s*(?:<\?xml[^>]{0,200}\?>)?\s*)<!DOCTYPE\s+coverage\s+(?:SYSTEM|PUBLIC\s+"[^"<>[\]]{0,200}")\s+"[^"<>[\]]{0,200}"\s*>/;

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
};

/** As many as half a million lines take. Each costs the parser an object, however few bytes it has. */
const MAX_TAGS = 600_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  // Off: the five that need no declaration are replaced below, no others are.
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Of the format are nine.
  maxNestedTags: 20,
  isArray: (name) => ['source', 'package', 'class', 'line'].includes(name),
});

/**
 * Cobertura's XML, as coverage.py, Istanbul, coverlet, gcovr and many others write it.
 *
 * The lines of a class count, not those of its methods: they repeat them, or (Istanbul) hold declarations.
 *
 * @returns `null`: not that format, not well formed, or with declarations of its own (entities could blow up or
 * reach out), or beyond all measure
 */
export function readCobertura(text: string): ReportedCoverage | null {
  const bare = text.replace(EXTERNAL_DOCTYPE, '$1');
  if (/<!(DOCTYPE|ENTITY)/i.test(bare) || countTags(bare) > MAX_TAGS) {
    return null;
  }
  const coverage = rootOf(bare);
  if (!coverage) {
    return null;
  }
  const files = new Map<string, LineHits>();
  for (const item of childrenOf(coverage, 'packages', 'package')) {
    for (const unit of childrenOf(item, 'classes', 'class')) {
      addClass(files, unit);
    }
  }
  return { format: 'cobertura', roots: rootsOf(coverage), files };
}

function countTags(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    count += 1;
  }
  return count;
}

function rootOf(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = parser.parse(text);
    return isObject(parsed) && isObject(parsed.coverage) ? parsed.coverage : null;
  } catch {
    return null; // Not well formed: the caller looks at the next report.
  }
}

function addClass(files: Map<string, LineHits>, unit: Record<string, unknown>): void {
  const hits = typeof unit.filename === 'string' ? hitsOf(files, decode(unit.filename)) : null;
  if (!hits) {
    return;
  }
  for (const { number, hits: count } of childrenOf(unit, 'lines', 'line')) {
    addHit(hits, toNumber(number), toNumber(count));
  }
}

function rootsOf(coverage: Record<string, unknown>): string[] {
  const { sources } = coverage;
  const found = isObject(sources) && Array.isArray(sources.source) ? sources.source : [];
  return found
    .filter((source): source is string => typeof source === 'string' && source !== '')
    .slice(0, 20)
    .map(decode);
}

function childrenOf(
  parent: Record<string, unknown>,
  list: string,
  item: string,
): Record<string, unknown>[] {
  const holder = parent[list];
  const items = isObject(holder) ? holder[item] : undefined;
  return Array.isArray(items) ? items.filter(isObject) : [];
}

/** `Number('')` would be 0, and `0x10` or ` 5 ` are no counts. */
function toNumber(value: unknown): number {
  return typeof value === 'string' && /^-?\d{1,30}$/.test(value) ? Number(value) : NaN;
}

function decode(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
