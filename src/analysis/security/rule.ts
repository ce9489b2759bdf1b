import type { Context, ContextSet } from './engine/values/context.js';
import type { OriginKind } from './engine/values/origins.js';
import type { Language, Primitive } from './ir/ir.js';

export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type Confidence = 'low' | 'medium' | 'high';

/** How sure a flow from each kind of source is to be a flaw; an absent kind is none. */
export type Trust = Readonly<Partial<Record<OriginKind, Confidence>>>;

/**
 * Which argument: `0` by position, `'shell'` by keyword (Python), `'2.httpOnly'` a property of an object at a position
 * (JavaScript), `'*'` each one, `'1+'` that one and all after it, `'this'` the receiver.
 */
export type Selector = number | string;

/** Holds when one of the selected values is present and fits. */
export interface Condition {
  readonly arg: Selector | readonly Selector[];
  readonly is?: readonly Primitive[];
  /** Tested on the known text, with `\0` for each part that isn't known; on a name, its path. */
  readonly matches?: RegExp;
  /** Tested on the value's canonical path. */
  readonly path?: RegExp;
  /** Tested on the canonical path of the value and of every part of it, such as the parts of a text. */
  readonly contains?: RegExp;
  /** Nothing selected was given (and the object, if one was asked, is a complete literal). */
  readonly missing?: true;
  /** Given, but with no constant value. */
  readonly dynamic?: true;
  /** A number below this one. */
  readonly below?: number;
  /** Its whole text stands in the source. */
  readonly known?: true;
  /** A regular expression whose cost grows with the square of the text. */
  readonly polynomial?: true;
  /** Given at all. */
  readonly present?: true;
}

/** One place where a rule applies. Exactly one of `call` to `returns` is set. */
export interface Sink {
  readonly language?: Language;
  /** Callee patterns, see `PatternIndex`. */
  readonly call?: readonly string[];
  /** Assignment to a member, by pattern. */
  readonly assign?: readonly string[];
  /** A key of an object literal, or a keyword argument. */
  readonly option?: readonly string[];
  /** A JSX attribute. */
  readonly attribute?: readonly string[];
  readonly decorator?: readonly string[];
  /** The answer of a route function, in files that import one of these. */
  readonly returns?: readonly string[];
  /** `a[k][l] = v` with keys of the caller's choice. */
  readonly keys?: true;
  readonly args?: readonly Selector[];
  /** All of them must hold. */
  readonly when?: readonly Condition[];
  /** None of them may hold. */
  readonly unless?: readonly Condition[];
  /** The text around the dynamic part must look like this; where no text is known only a flow from a source counts. */
  readonly text?: RegExp;
  /** Text that makes the dynamic part harmless, such as a fixed host in front of it. */
  readonly safeText?: RegExp;
  /** A bare value does not count, whatever its origin: it must stand in text that fits `text`. */
  readonly needsText?: true;
  /** A dynamic value of unknown origin counts only inside text that fits `text`. */
  readonly unknownNeedsText?: true;
  /** The receiver's name must look like this, unless the text does. */
  readonly receiver?: RegExp;
  /** One of these packages must be imported. */
  readonly imports?: readonly string[];
  /** What one of the imports must look like. */
  readonly importsLike?: RegExp;
  readonly isNew?: boolean;
  readonly trust?: Trust;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly message?: string;
}

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly cwe: `CWE-${number}`;
  /** Category of the OWASP Top 10 of 2021. */
  readonly owasp: string;
  readonly severity: Severity;
  readonly message: string;
  /** What to do, with a corrected example, per language. */
  readonly recommendation: Readonly<Partial<Record<Language, string>>>;
  /** Set: a dynamic value must reach the sink. Absent: the sink alone is the flaw. */
  readonly flow?: { readonly context: Context; readonly trust: Trust };
  /** Of a finding without a flow; `high` if absent. */
  readonly confidence?: Confidence;
  readonly sinks: readonly Sink[];
}

/** Where dynamic values enter. */
export interface Source {
  readonly language: Language;
  readonly kind: OriginKind;
  /** Members whose value, or calls whose result, comes from outside. */
  readonly paths: readonly string[];
  readonly isCall?: true;
  /** With more arguments the call sets something. */
  readonly mostArguments?: number;
  /** What these values can't be used for from the start. */
  readonly clean?: ContextSet;
}

/** Calls whose result is harmless in some contexts. */
export interface Sanitizer {
  readonly language: Language;
  readonly calls: readonly string[];
  readonly cleans: ContextSet;
  readonly when?: readonly Condition[];
  /** The receiver must not look like this. */
  readonly notReceiver?: RegExp;
}
