import type { Expression } from '../../ir/ir.js';
import { NOTHING } from '../values/context.js';
import type { Engine } from '../engine.js';
import { replacementCleans } from './replacements.js';
import { throughUnknown } from './unknown-calls.js';
import type { Site } from '../sinks/sinks.js';
import { joinOrigins } from '../values/origins.js';
import { fullText, templateOf } from '../values/texts.js';
import { allOrigins, cleansed, deepOrigins, withField } from '../values/parts.js';
import { constant, dynamic, named, UNKNOWN, type Value } from '../values/value.js';

type Call = Expression & { kind: 'call' };

/** Methods whose result tells about the receiver but does not contain it. */
const MEASURES = new Set([
  'length',
  'indexOf',
  'includes',
  'startsWith',
  'endsWith',
  'startswith',
  'endswith',
  'has',
  'test',
  'isdigit',
  'count',
  'find_all',
  'isalnum',
  'index',
  'lastIndexOf',
  'localeCompare',
  'charCodeAt',
  'exists',
  'is_file',
  'is_dir',
  'is_valid',
  'equals',
  'getTime',
  'hexdigest',
  'digest',
  'save',
  'delete',
  'status',
  'sendStatus',
  '__len__',
  'every',
  'some',
  'isEmpty',
  'hasOwnProperty',
  'size',
]);
const SAME_TEXT = new Set([
  'trim',
  'strip',
  'toString',
  'trimStart',
  'trimEnd',
  'rstrip',
  'lstrip',
  'dedent',
  'toLowerCase',
  'toUpperCase',
  'lower',
  'upper',
  'encode',
  'decode',
]);

/** What these give back does what they were given. */
const PROMISIFIERS =
  /^(util\.promisify|promisify|pify|es6-promisify|thenify|thenify-all|(bluebird|Promise|Bluebird)\.(promisify|promisifyAll)|graceful-fs\.gracefulify|functools\.partial)$/;

/** Addresses of this site by the names of its routes: whatever follows stays on it. */
export const OWN_ROUTES =
  /^((django\.(urls|core\.urlresolvers)\.)?reverse(_lazy)?|((flask|quart)\.|self\.)?url_for|\$request\.(url_for|route_path|app\.url_for))$/;

/** The module that a `require` call names. */
export function requiredModule(site: Site): string | null {
  if (site.path !== 'require' && site.path !== 'import') {
    return null;
  }
  const text = site.positional[0] ? fullText(site.positional[0]) : null;
  const bare = text?.replace(/^(node:|mz\/)/, '') ?? null;
  return bare !== null && !bare.startsWith('.') && !bare.startsWith('@')
    ? bare.replace(/\/promises?$/, '')
    : bare;
}

/** What a call gives back that no table knows more about. */
export function plainResult(
  engine: Engine,
  call: Call,
  site: Site,
  path: string,
  method: string,
): Value {
  const { receiver, positional } = site;
  const everything = [...positional, ...site.keywords.values()];
  if (receiver) {
    const text = textMethod(receiver, method, positional, site);
    const cleans = /^replace(All)?$/.test(method)
      ? replacementCleans(positional[0], positional[1])
      : NOTHING;
    if (text) {
      return { ...cleansed(text, cleans), path };
    }
    if (cleans !== NOTHING && receiver.origins.length > 0) {
      return cleansed(dynamic(receiver.origins, path), cleans);
    }
  }
  const [subject] = positional;
  if (PROMISIFIERS.test(site.path) && subject) {
    return named(subject.path ?? path);
  }
  if (
    subject?.isClosed &&
    !subject.isList &&
    (site.path === 'Object.entries' || site.path === 'Object.keys')
  ) {
    return entriesOf(subject, site.path === 'Object.keys');
  }
  if (engine.knowledge.propagators.match(site.path).length > 0) {
    const [first, second, third] = positional;
    if (site.path === 'getattr') {
      // The name only chooses; what comes back is of the object, or the fallback.
      return dynamic(allOrigins([first, third].flatMap((value) => value ?? [])), path);
    }
    if (site.path === 're.sub' && third) {
      return cleansed(dynamic(allOrigins(everything), path), replacementCleans(first, second));
    }
    const isCopy = positional.length === 1 && first !== undefined;
    return {
      ...dynamic(
        allOrigins(
          receiver && receiver.origins.length > 0 ? [receiver, ...everything] : everything,
        ),
        path,
      ),
      ...(isCopy
        ? { text: first.text, constant: first.constant, fields: first.fields, isList: first.isList }
        : {}),
      madeFrom: call.args[0]?.value ?? null,
    };
  }
  if (receiver && !MEASURES.has(method)) {
    const own =
      receiver.fields && !receiver.path?.startsWith('this')
        ? deepOrigins(receiver)
        : receiver.origins;
    if (own.length > 0) {
      const [key] = positional;
      const field =
        (method === 'get' || method === 'pop') && key
          ? receiver.fields?.get(fullText(key) ?? '')
          : undefined;
      return field
        ? { ...field, path: field.path ?? path }
        : dynamic(
            joinOrigins(
              own,
              method === 'replace' || method === 'concat' ? allOrigins(everything) : [],
            ),
            path,
          );
    }
  }
  if (receiver && /^replace(All)?$/.test(method) && isJavaScript(engine)) {
    const put = allOrigins(positional.slice(1));
    if (put.length > 0) {
      return dynamic(put, path);
    }
  }
  return throughUnknown(engine, site, path, method) ?? withSettings(named(path), site);
}

const isJavaScript = (engine: Engine): boolean => engine.module.language === 'javascript';

/** Keys, or pairs, of an object literal: its keys are this program's own, whatever its values are. */
function entriesOf(object: Value, onlyKeys: boolean): Value {
  const list: Value = {
    ...UNKNOWN,
    isList: true,
    isClosed: true,
    path: 'list()',
    fields: new Map(),
  };
  const items = [...(object.fields ?? [])].map(([key, field]): Value =>
    onlyKeys
      ? constant(key)
      : {
          ...list,
          fields: new Map([
            ['0', constant(key)],
            ['1', field],
          ]),
        },
  );
  return { ...list, fields: new Map(items.map((item, index) => [String(index), item])) };
}

/** What an object was made with, as far as it is settled: `XMLParser(resolve_entities=False)` keeps its option. */
function withSettings(value: Value, site: Site): Value {
  let made = value;
  for (const [key, setting] of site.keywords) {
    if (setting.constant !== undefined) {
      made = withField(made, key, setting);
    }
  }
  return made;
}

/** Methods of strings that build text: `format`, `join`, `concat`, `replace` and those that keep it. */
function textMethod(
  receiver: Value,
  method: string,
  positional: readonly Value[],
  site: Site,
): Value | null {
  const all = [...positional, ...site.keywords.values()];
  if (method === 'format' && receiver.text) {
    const pieces = receiver.text.flatMap((part) =>
      part === null
        ? [null]
        : part.split(/\{[^{}]*\}/).flatMap((piece, i) => (i === 0 ? [piece] : [null, piece])),
    );
    return {
      ...dynamic(joinOrigins(receiver.origins, allOrigins(all))),
      text: templateOf(pieces.map((piece) => [piece])),
      parts: all.flatMap(({ path }) => path ?? []),
    };
  }
  if (method === 'join' && (receiver.text || receiver.isList || receiver.origins.length > 0)) {
    // Python joins by the separator, JavaScript on the list.
    const separator = receiver.text && receiver.constant !== undefined ? positional[0] : receiver;
    if (!separator) {
      return null;
    }
    const items = separator.isList && separator.fields ? [...separator.fields.values()] : null;
    const text = items ? templateOf(items.map((item) => item.text)) : null;
    return { ...dynamic(deepOrigins(separator)), text: text && text.length > 0 ? text : null };
  }
  if (SAME_TEXT.has(method) && receiver.text) {
    return { ...receiver, closure: null };
  }
  if (method === 'concat' && receiver.text) {
    return {
      ...dynamic(joinOrigins(receiver.origins, allOrigins(all))),
      text: templateOf([receiver.text, ...all.map((value) => value.text)]),
    };
  }
  if ((method === 'replace' || method === 'replaceAll') && receiver.text) {
    const whole = fullText(receiver);
    const added = allOrigins(positional.slice(1));
    if (whole !== null && added.length > 0) {
      return { ...dynamic(added), text: [whole.slice(0, 60), null, whole.slice(60)] };
    }
    if (whole !== null) {
      return constant(whole);
    }
    return { ...dynamic(joinOrigins(receiver.origins, added)), text: receiver.text };
  }
  return null;
}
