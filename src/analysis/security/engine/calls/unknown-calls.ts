import type { Engine } from '../engine.js';
import type { Site } from '../sinks/sinks.js';
import { contexts } from '../values/context.js';
import type { Origin } from '../values/origins.js';
import { allOrigins } from '../values/parts.js';
import { dynamic, type Value } from '../values/value.js';

/** What these give back is looked up, counted or checked, not made of their arguments. */
const NOT_MADE_OF_ARGUMENTS =
  /^_?(is|has|can|should|find|get|fetch|load|query|select|lookup|search|count|exists?|check|valid|verif|assert|ensure|auth|log|sign|create|insert|save|update|upsert|delete|remove|destroy|add|set|send|post|put|patch|publish|emit|hash|encrypt|compare|test|match|exec|run|spawn|render|handle|process|write|read|open|close|print|register|subscribe|on|once|use|listen|next|then|catch|filter|allow|require|import|init|start|stop|connect|call|apply|bind|push|append|sort|len|range|sum|min|max|int|float|bool|number|date|now|id|uuid|error|raise|throw|warn|debug|info|index|resolve|reject|redirect|respond|reply|throttle|debounce|memoize|super|map|reduce|forEach|some|every|entries|keys|values|list|all|any|first|last|one|status|json|end|execute|commit|display|show|alert|download|upload|sanitiz|escape|clean|quote|encode|strip|safe|purif|whitelist|normalize_?path|secure)/i;
const BUILT_IN = new Set(
  'console Math Object JSON Array Number Date Promise process Buffer Reflect Symbol Intl window document $ jQuery Error TypeError RangeError print super expect describe it test assert logger log logging'.split(
    ' ',
  ),
);
/** Where a guess would be wrong more often than right. */
const NEVER = contexts(
  'html',
  'log',
  'header',
  'nosql',
  'object',
  'redirect',
  'format',
  'property',
);

/**
 * What a function gives back that is neither in this file nor in the tables: text made of its arguments, going by its
 * name. Such a flow is a guess and counts for less.
 */
export function throughUnknown(
  engine: Engine,
  site: Site,
  path: string,
  method: string,
): Value | null {
  const [root = ''] = site.path.split(/[.[(]/);
  if (
    site.isNew ||
    root.startsWith('$') ||
    BUILT_IN.has(root) ||
    engine.knowledge.roots.has(root) ||
    (/^[A-Z]/.test(method) && !/(path|file|url)$/i.test(method)) ||
    NOT_MADE_OF_ARGUMENTS.test(method)
  ) {
    return null;
  }
  const origins = allOrigins([...site.positional, ...site.keywords.values()]);
  return origins.length === 0 ? null : dynamic(origins.map(guess), path);
}

const guess = (origin: Origin): Origin => ({
  ...origin,
  clean: origin.clean | NEVER,
  isGuess: true,
});
