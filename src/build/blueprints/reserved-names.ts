/** Words that no field can be called in Python, in TypeScript or in the base classes of generated code. */
const RESERVED_FIELDS = new Set(
  [
    // Keywords of Python and of TypeScript.
    'and as assert async await break class continue def del elif else except finally for from global if import in',
    'is lambda nonlocal not or pass raise return try while with yield none true false self',
    'abstract any arguments case catch const constructor debugger declare default delete do enum eval export extends',
    'function implements instanceof interface let new null package private protected prototype public readonly static',
    'super switch this throw typeof undefined var void',
    // What every stored thing has of its own, and what lists take in their query.
    'id created_at updated_at owner_id limit offset sort filters comparisons sort_field is_descending dt',
    // Members of the base classes.
    'metadata registry copy dict json schema validate construct fields parse_obj parse_raw has_own_property to_string',
    'value_of to_json',
    // Names of types that stand next to the field.
    'str int float bool list',
  ].flatMap((line) => line.split(' ')),
);

/** Resources whose class, folder or route would be taken already; `user` and the like are with auth only. */
const RESERVED_RESOURCES = new Set(
  [
    'class object any all string number boolean integer decimal array map set record date promise error function symbol',
    'module model schema base field query body param request response router route controller service repository store',
    'page problem setting environment main app db database migration test health live ready doc docs openapi redoc',
    'session engine column table index entity literal annotated mapped enum type interface import export package',
    'constructor prototype process global buffer filter sort auth none true false self list common util lib src dist',
    'http exception pipe guard middleware interceptor injectable relation file_response uuid log logging limit',
    'rate_limit cors config configuration node_module sorting paging dependency',
  ].flatMap((line) => line.split(' ')),
);

const TAKEN_BY_AUTH = new Set(['user', 'login_session']);
/** With auth `owner_id` is the user who made a thing, so that nothing can belong to an owner of that name. */
const RESERVED_BY_AUTH = new Set(['owner']);

/** A field's name where it can stand in code, else one beside it: `from` -> `from_value`. */
export function freeFieldName(name: string): string {
  if (/^\d/.test(name)) {
    return `n${name}`;
  }
  return RESERVED_FIELDS.has(name) || /^model_/.test(name) ? `${name}_value` : name;
}

/** A resource's name where its class, folder, route and id are free, else one beside it: `query` -> `query_record`. */
export function freeResourceName(name: string, hasAuth: boolean): string {
  if (/^\d/.test(name)) {
    return `n${name}`;
  }
  const isTaken = RESERVED_RESOURCES.has(name) || (hasAuth && RESERVED_BY_AUTH.has(name));
  return isTaken ? `${name}_record` : name;
}

/** Whether authentication has it already, in its own tables and routes. */
export function isTakenByAuth(name: string): boolean {
  return TAKEN_BY_AUTH.has(name);
}
