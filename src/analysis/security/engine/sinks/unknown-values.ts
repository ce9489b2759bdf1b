import type { Engine } from '../engine.js';
import { type ContextSet } from '../values/context.js';
import type { Value } from '../values/value.js';

/** Settings, constants and what the machine says of itself: written by whoever runs the program. */
const SETTLED =
  /(^|[.~$_])(settings|config|conf|cfg|env|environ|constants?|process|os|sys|platform|path|time|datetime|date|uuid|uuid4|tempfile|getpid|cwd|random|math|string|logging|range|enumerate|version\w*|__\w+__|__dirname|__filename)(\.|\(|\[|$)|^\?|^error\b|\bprefix$/i;
const CONSTANT = /(^|[.~$])_?[A-Z][A-Z0-9_]*(\[\])?$/;
/** What is called so is a number, or an identifier that this program gave. */
const NUMERIC =
  /(^|[._~$])(i|j|k|n|x|y|idx|index|count|num\w*|\w*_?ids?|limit|offset|page|size|len\w*|port|pid|year|month|day|width|height|timeout|seed|timestamp|placeholders?|marks|qs)(\(\)|\[\])*$|(Id|Ids|Count|Index|Size|Num)(\(\)|\[\])*$/;

/** True for a value that nothing is known about, or text with such a value in it. */
export function isUnknown(engine: Engine, value: Value, set: ContextSet): boolean {
  if (
    value.constant !== undefined ||
    value.origins.length > 0 ||
    value.closure ||
    value.isList ||
    value.fields
  ) {
    return false;
  }
  if (value.text) {
    return value.text.includes(null) && value.parts.some((path) => isLoose(engine, path, set));
  }
  return value.path !== null && isLoose(engine, value.path, set);
}

function isLoose(engine: Engine, path: string, set: ContextSet): boolean {
  // An entry of a table written down here, or of one that is a constant by its name.
  if (/^(Object|list|Map|dict)\(\)|(^|[.~])_?[A-Z][A-Z0-9_]*\[\]/.test(path)) {
    return false;
  }
  if (
    SETTLED.test(path) ||
    CONSTANT.test(path) ||
    NUMERIC.test(path) ||
    path.startsWith('~') ||
    path.includes('()()')
  ) {
    return false;
  }
  if (path.endsWith('()')) {
    const made = engine.knowledge.sanitizers.match(path.slice(0, -2));
    return !made.some(({ cleans }) => (cleans & set) !== 0) && !HARMLESS_CALL.test(path);
  }
  // A parameter, or a part of one, that its type makes harmless: any other has an origin.
  if (/^\$\w/.test(path)) {
    return false;
  }
  // A member of an imported module is its own constant.
  const [root = ''] = path.split(/[.[(]/);
  return !engine.module.imports.has(root);
}

const HARMLESS_CALL =
  /(^|[._])(quote\w*|escape\w*|sanitize\w*|clean\w*|safe\w*|int|len|str|repr|now|hash|encode\w*|(html|attr|xml|url|sql|shell)_?(escape|encode)\w*|length|strftime|isoformat|get_?(id|count|version|date|time|port|pid)|format_?\w*identifier|identifier|literal|name_?of|table_?name)\(\)$/i;
