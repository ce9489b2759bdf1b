/**
 * The small language-neutral form that both front ends lower to and that the engine interprets.
 *
 * Positions are offsets into the file's text; `SourceText` turns them into lines and columns when a finding is made.
 */

export type Language = 'python' | 'javascript';

interface Located {
  readonly start: number;
  readonly end: number;
}

export type Primitive = string | number | boolean | null;

export interface Argument {
  readonly value: Expression;
  /** Set for Python's `f(name=value)`. */
  readonly keyword?: string;
  readonly spread?: boolean;
}

export interface ObjectEntry {
  /** Null for a computed key (then `computed` is set) and for a spread (then neither is). */
  readonly key: string | null;
  readonly computed?: Expression;
  readonly value: Expression;
}

export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

export type Expression = Located &
  (
    | { readonly kind: 'literal'; readonly value: Primitive }
    | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly object: Expression; readonly property: string }
    | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
    | {
        readonly kind: 'call';
        readonly callee: Expression;
        readonly args: readonly Argument[];
        readonly isNew?: boolean;
      }
    /** Strings put together by `+`, an f-string or a template literal, flattened. */
    | {
        readonly kind: 'text';
        readonly how: 'concat' | 'template';
        readonly parts: readonly Expression[];
      }
    | {
        readonly kind: 'binary';
        readonly operator: string;
        /** `==` of JavaScript, which converts before it compares. */
        readonly isLoose?: boolean;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'not'; readonly operand: Expression }
    /** Arithmetic of one operand and `typeof`: the result is never dangerous text. */
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | {
        readonly kind: 'logical';
        readonly operator: 'and' | 'or';
        readonly operands: readonly Expression[];
      }
    | {
        readonly kind: 'conditional';
        readonly test: Expression;
        readonly then: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | { readonly kind: 'function'; readonly fn: FunctionIr }
    | { readonly kind: 'class'; readonly declaration: ClassIr }
    | { readonly kind: 'assign'; readonly target: Expression; readonly value: Expression }
    | {
        readonly kind: 'pass';
        readonly how: 'await' | 'yield' | 'spread';
        readonly operand: Expression;
      }
    | {
        readonly kind: 'comprehension';
        readonly clauses: readonly ComprehensionClause[];
        readonly element: Expression;
      }
    /** A tagged template: `parts` alternates as in `text`. */
    | { readonly kind: 'tagged'; readonly tag: Expression; readonly parts: readonly Expression[] }
    | {
        readonly kind: 'element';
        readonly tag: string;
        readonly attributes: readonly ObjectEntry[];
        readonly children: readonly Expression[];
      }
    /** Anything without a meaning of its own here; its children are still visited. */
    | { readonly kind: 'opaque'; readonly children: readonly Expression[] }
  );

export interface Parameter {
  /** A name, or a pattern of `list` and `object` expressions. */
  readonly target: Expression;
  readonly name: string | null;
  /** The type annotation as written. */
  readonly annotation: string | null;
  readonly decorators: readonly Expression[];
  readonly fallback?: Expression;
  readonly isRest?: boolean;
}

export interface FunctionIr extends Located {
  readonly name: string | null;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly isMethod: boolean;
  readonly isStatic: boolean;
  /** Another file may call it with anything. */
  readonly isExported: boolean;
  /** Arrow functions and lambdas: `this` is the enclosing one. */
  readonly inheritsThis: boolean;
}

export interface ClassIr extends Located {
  readonly name: string | null;
  readonly bases: readonly Expression[];
  readonly decorators: readonly Expression[];
  readonly methods: readonly FunctionIr[];
  /** Field initialisers and, in Python, every other statement of the class's body. */
  readonly body: readonly Statement[];
}

export interface Branch {
  readonly test: Expression;
  readonly body: readonly Statement[];
}

export type Statement = Located &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | {
        readonly kind: 'assign';
        readonly target: Expression;
        readonly value: Expression;
        /** True where the name belongs to this function, false where an outer one may own it. */
        readonly declares: boolean;
        /** `+=` and the like: the old value stays in. */
        readonly augments?: boolean;
        readonly annotation?: string;
      }
    | {
        readonly kind: 'if';
        readonly branches: readonly Branch[];
        readonly otherwise: readonly Statement[];
        /** A `break` inside leaves this statement. */
        readonly isSwitch?: true;
      }
    | {
        readonly kind: 'loop';
        readonly target?: Expression;
        readonly iterable?: Expression;
        readonly test?: Expression;
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'try';
        readonly body: readonly Statement[];
        readonly handlers: readonly {
          readonly name: string | null;
          readonly body: readonly Statement[];
        }[];
        readonly final: readonly Statement[];
      }
    | {
        readonly kind: 'with';
        readonly items: readonly { readonly value: Expression; readonly target?: Expression }[];
        readonly body: readonly Statement[];
      }
    | { readonly kind: 'return'; readonly value?: Expression }
    | { readonly kind: 'throw'; readonly value?: Expression }
    | { readonly kind: 'jump' }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'function'; readonly fn: FunctionIr }
    | { readonly kind: 'class'; readonly declaration: ClassIr }
    | {
        readonly kind: 'import';
        readonly bindings: readonly { readonly local: string; readonly path: string }[];
      }
  );

/** A name that other files see: a variable of the module, or what it hands on from another file. */
export type ExportIr =
  | { readonly name: string; readonly local: string }
  /** `name` null: everything; `imported` null: the module itself. */
  | { readonly name: string | null; readonly from: string; readonly imported: string | null };

/** The variable that holds what `export default` gives. */
export const DEFAULT_EXPORT = '*default*';

/** One file, lowered. */
export interface ModuleIr {
  readonly language: Language;
  readonly body: readonly Statement[];
  /** Root names of everything imported, such as `flask` or `express`. */
  readonly imports: ReadonlySet<string>;
  /** By `export`; what is assigned to `module.exports` is seen when the module runs. */
  readonly exports?: readonly ExportIr[];
}

/** Deeper than any code a person writes; past it a subtree becomes `opaque`. */
export const MAX_DEPTH = 150;
