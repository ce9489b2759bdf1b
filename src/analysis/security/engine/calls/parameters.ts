import type { ClassIr, FunctionIr, ModuleIr, Parameter } from '../../ir/ir.js';
import { dotted } from '../../ir/build.js';
import { cloudEvent } from './cloud-functions.js';
import { instanceOf } from './crossing.js';
import { NOTHING } from '../values/context.js';
import type { Engine } from '../engine.js';
import { type Frame } from '../values/value.js';
import { type OriginKind } from '../values/origins.js';
import { withField } from '../values/parts.js';
import { dynamic, named, UNKNOWN, type Value } from '../values/value.js';

/** Types whose values can't carry an attack: numbers, truth values, identifiers, dates. */
const HARMLESS_TYPE =
  /^(Optional\[)?(int|float|bool|complex|uuid\.UUID|UUID|UUID4|Decimal|date|datetime|timedelta|datetime\.\w+|EmailStr|PositiveInt|conint\(.*\)|number|boolean|bigint|Date|Literal\[.*\]|ObjectId|('[^']*'\s*\|?\s*)+|("[^"]*"\s*\|?\s*)+)(\])?(\s*\|\s*(None|null|undefined))*$/;
const REQUEST_TYPE =
  /^(?:\w+\.)*(Request|NextRequest|NextApiRequest|HttpRequest|IncomingMessage|FastifyRequest|ExpressRequest)(<.*>)?$/s;
const RESPONSE_TYPE =
  /^(?:\w+\.)*(Response|NextApiResponse|ServerResponse|FastifyReply|ExpressResponse)(<.*>)?$/s;
const NOT_USER_DATA =
  /^(Session|AsyncSession|BackgroundTasks|Response|WebSocket|AsyncIOMotorDatabase|Connection|Annotated\[.*Depends|HTTPAuthorizationCredentials|Settings|Logger)/;
const REQUEST_NAMES = new Set(['req', 'request', '_req', '_request', 'httpRequest']);
const RESPONSE_NAMES = new Set(['res', 'response', 'resp', 'reply', '_res']);
const USER_INPUT_NAME =
  /^(user_?(input|supplied|controlled|data|query|command|cmd)|untrusted\w*|tainted\w*|raw_?user_?input)$/i;
const ROUTE_CALLS = new Set([
  'route',
  'get',
  'post',
  'put',
  'delete',
  'patch',
  'head',
  'options',
  'websocket',
  'api_route',
  'view',
  'add_route',
  'expose',
]);
const NEST_SOURCES: ReadonlyMap<string, string> = new Map([
  ['Body', 'value'],
  ['Query', 'value'],
  ['Param', 'value'],
  ['Headers', 'value'],
  ['Args', 'value'],
  ['Cookies', 'value'],
  ['MessageBody', 'value'],
  ['Payload', 'value'],
  ['UploadedFile', '$upload'],
  ['UploadedFiles', '$upload'],
  ['Req', '$req'],
  ['Request', '$req'],
  ['Res', '$res'],
  ['Response', '$res'],
]);

/** True for a function that a web framework calls with what a client sent. */
function isRoute(fn: FunctionIr): boolean {
  return fn.decorators.some(
    (decorator) =>
      decorator.kind === 'call' &&
      (decorator.callee.kind === 'member'
        ? ROUTE_CALLS.has(decorator.callee.property)
        : decorator.callee.kind === 'name' &&
          ROUTE_CALLS.has(decorator.callee.name) &&
          decorator.args[0]?.value.kind === 'literal' &&
          String(decorator.args[0].value.value).startsWith('/')),
  );
}

const HANDLER_CLASS = /(^|\.)(RequestHandler|MethodView|Resource|HTTPEndpoint)$/;

/** `get` of a handler class of Tornado, Flask or Starlette: called with what the address says. */
const answersForClass = (fn: FunctionIr, owner: ClassIr | null): boolean =>
  owner !== null &&
  fn.isMethod &&
  /^(get|post|put|patch|delete|head|options)$/.test(fn.name ?? '') &&
  owner.bases.some((base) => HANDLER_CLASS.test(dotted(base) ?? ''));

/** True for a function whose result a web framework sends as it is: a route, or the page for an error. */
export function answersRequests(fn: FunctionIr): boolean {
  return (
    isRoute(fn) ||
    fn.decorators.some(
      ({ kind, ...decorator }) =>
        kind === 'call' &&
        'callee' in decorator &&
        /\.(errorhandler|app_errorhandler|error)$|^Redirect$/.test(dotted(decorator.callee) ?? ''),
    )
  );
}

/** What each parameter holds when nothing is known about the caller. */
export function unknownParameters(
  engine: Engine,
  fn: FunctionIr,
  self: Value | null,
  owner: ClassIr | null,
  frame: Frame,
): Value[] {
  const { module } = engine;
  const route = isRoute(fn) || answersForClass(fn, owner);
  const djangoView = isDjangoView(module, fn);
  return fn.parameters.map((parameter, index): Value => {
    if (index === 0 && fn.isMethod && !fn.isStatic && module.language === 'python') {
      return self ?? named('self');
    }
    const decorated = nestParameter(parameter);
    if (decorated) {
      return typeof decorated === 'string' ? named(decorated) : sourced(parameter, 'request');
    }
    const special =
      (index === 0 ? cloudEvent(fn, module) : null) ?? specialParameter(parameter, module, fn);
    if (special) {
      return special;
    }
    if (fn.name === 'constructor' && /^[A-Z]\w*(<.*>)?$/s.test(parameter.annotation ?? '')) {
      // A service that is injected, not data.
      return instanceOf(engine, frame.get(parameter.annotation ?? ''), `$${parameter.name ?? ''}`);
    }
    if (isHarmless(parameter, frame)) {
      return UNKNOWN;
    }
    const kind: OriginKind =
      route || (djangoView && index > 0)
        ? 'request'
        : userNamed(parameter)
          ? 'input'
          : isOfRequest(parameter, fn, module)
            ? 'network'
            : 'param';
    if (
      kind === 'request' &&
      (NOT_USER_DATA.test(parameter.annotation ?? '') || isDependency(parameter))
    ) {
      return named(`$${parameter.name ?? ''}`);
    }
    if (kind === 'request' && /UploadFile/.test(parameter.annotation ?? '')) {
      return named('$upload');
    }
    if (owner && parameter.name === 'cls') {
      return self ?? UNKNOWN;
    }
    const origin = {
      kind,
      clean: NOTHING,
      step: stepAt(parameter),
      ...(kind === 'param' ? { parameter: { fn, index } } : {}),
    };
    return typedFields(dynamic([origin], pathOf(parameter)), parameter, frame);
  });
}

/** `$scope` and the like of AngularJS are known by their own names. */
const pathOf = ({ name }: Parameter): string =>
  name?.startsWith('$') === true && name.length > 1 ? name : `$${name ?? '{}'}`;

const stepAt = ({
  target,
}: Parameter): { start: number; end: number; previous: null; length: number } => ({
  start: target.start,
  end: target.end,
  previous: null,
  length: 1,
});

function sourced(parameter: Parameter, kind: OriginKind): Value {
  const pipes = parameter.decorators.some(
    (decorator) =>
      decorator.kind === 'call' &&
      decorator.args.some(({ value }) =>
        /Parse(Int|UUID|Bool|Float|Enum|Date)Pipe|ParseObjectId/.test(
          dotted(value.kind === 'call' ? value.callee : value) ?? '',
        ),
      ),
  );
  return pipes || HARMLESS_TYPE.test(parameter.annotation ?? '')
    ? UNKNOWN
    : dynamic([{ kind, clean: NOTHING, step: stepAt(parameter) }], `$${parameter.name ?? '{}'}`);
}

function nestParameter(parameter: Parameter): string | true | null {
  for (const decorator of parameter.decorators) {
    const name = decorator.kind === 'call' ? dotted(decorator.callee) : dotted(decorator);
    const meaning = name === null ? undefined : NEST_SOURCES.get(name);
    if (meaning) {
      return meaning === 'value' ? true : meaning;
    }
  }
  return null;
}

function specialParameter(parameter: Parameter, module: ModuleIr, fn: FunctionIr): Value | null {
  const { name, annotation } = parameter;
  const type = annotation ?? '';
  const prefix = module.language === 'python' ? '$request' : '$req';
  if (
    REQUEST_TYPE.test(type) ||
    (name !== null && REQUEST_NAMES.has(name) && !/^(string|str|any\[\])$/.test(type))
  ) {
    return named(prefix);
  }
  if (module.language === 'python') {
    return null;
  }
  if (RESPONSE_TYPE.test(type) || (name !== null && RESPONSE_NAMES.has(name))) {
    return named('$res');
  }
  if (name === 'c' && module.imports.has('hono')) {
    return named('$ctx');
  }
  if (
    fn.name === 'getServerSideProps' ||
    (fn.name === null && hasKeys(parameter, 'query', 'req'))
  ) {
    return named('$req');
  }
  if (name === 'ctx' || (name === 'context' && module.imports.has('koa'))) {
    return named('$ctx');
  }
  if (name === 'event' || name === 'e' || name === 'evt' || name === 'ev') {
    return named('$event');
  }
  if (hasKeys(parameter, 'searchParams')) {
    return named('$props');
  }
  return null;
}

const OF_REQUEST =
  /^(url|uri|path|pathname|filename|file_?path|query|params|details|body|post(data)?|payload|parsed_?url|url_?path|search|args)$/i;

/** `serve(pathname, req, res)`: beside a request and its response stands what was taken from the request. */
const isOfRequest = (
  { name }: Parameter,
  { parameters }: FunctionIr,
  { language }: ModuleIr,
): boolean =>
  language === 'javascript' &&
  name !== null &&
  OF_REQUEST.test(name) &&
  parameters.some((other) => other.name !== null && REQUEST_NAMES.has(other.name)) &&
  parameters.some((other) => other.name !== null && RESPONSE_NAMES.has(other.name));

const hasKeys = ({ target }: Parameter, ...keys: readonly string[]): boolean =>
  target.kind === 'object' &&
  keys.every((key) => target.entries.some((entry) => entry.key === key));

const userNamed = ({ name }: Parameter): boolean => name !== null && USER_INPUT_NAME.test(name);

function isDependency({ fallback }: Parameter): boolean {
  return (
    fallback?.kind === 'call' &&
    /(^|\.)(Depends|Security|get_db)$/.test(dotted(fallback.callee) ?? '')
  );
}

function isHarmless({ annotation, fallback }: Parameter, frame: Frame): boolean {
  if (annotation === null) {
    return (
      fallback?.kind === 'literal' &&
      (typeof fallback.value === 'number' || typeof fallback.value === 'boolean')
    );
  }
  const plain = annotation.replace(/^Annotated\[\s*([\w.]+)[\s\S]*\]$/, '$1').trim();
  if (HARMLESS_TYPE.test(plain)) {
    return true;
  }
  const declaration = frame.get(plain)?.classOf?.declaration;
  return (
    declaration?.bases.some((base) => /(^|\.)(Int|Str)?Enum$/.test(dotted(base) ?? '')) ?? false
  );
}

/** A pydantic or dataclass parameter: its fields of harmless types are harmless. */
function typedFields(value: Value, { annotation }: Parameter, frame: Frame): Value {
  const declaration =
    annotation === null ? null : (frame.get(annotation)?.classOf?.declaration ?? null);
  let result = value;
  for (const statement of declaration?.body ?? []) {
    if (
      statement.kind === 'assign' &&
      statement.target.kind === 'name' &&
      statement.annotation &&
      HARMLESS_TYPE.test(statement.annotation)
    ) {
      result = withField(result, statement.target.name, UNKNOWN);
    }
  }
  return result;
}

function isDjangoView(module: ModuleIr, fn: FunctionIr): boolean {
  if (!module.imports.has('django') && !module.imports.has('rest_framework')) {
    return false;
  }
  const parameters = fn.isMethod ? fn.parameters.slice(1) : fn.parameters;
  return parameters[0]?.name === 'request';
}
