import type { Language } from '../../ir/ir.js';
import type { Rule, Sanitizer, Sink, Source } from '../../rule.js';
import { expand, PatternIndex } from '../values/pattern.js';

/** A sink with the rule it belongs to. */
export interface Place {
  readonly rule: Rule;
  readonly sink: Sink;
}

/** The tables of one language, indexed by what the interpreter looks up. */
export class Knowledge {
  readonly calls = new PatternIndex<Place>();
  readonly assigns = new PatternIndex<Place>();
  readonly options = new PatternIndex<Place>();
  readonly attributes = new PatternIndex<Place>();
  readonly decorators = new PatternIndex<Place>();
  readonly returns: Place[] = [];
  readonly keys: Place[] = [];
  readonly memberSources = new PatternIndex<Source>();
  readonly callSources = new PatternIndex<Source>();
  readonly sanitizers = new PatternIndex<Sanitizer>();
  readonly propagators = new PatternIndex<true>();
  /** First names of all that the tables know in full, such as `subprocess`. */
  readonly roots = new Set<string>();

  constructor(
    readonly language: Language,
    tables: {
      readonly rules: readonly Rule[];
      readonly sources: readonly Source[];
      readonly sanitizers: readonly Sanitizer[];
      readonly propagators: Readonly<Record<Language, readonly string[]>>;
    },
  ) {
    for (const rule of tables.rules) {
      for (const sink of rule.sinks) {
        if ((sink.language ?? language) === language) {
          this.addSink({ rule, sink });
        }
      }
    }
    for (const source of tables.sources.filter((entry) => entry.language === language)) {
      const index = source.isCall ? this.callSources : this.memberSources;
      source.paths.forEach((path) => index.add(path, source));
    }
    for (const sanitizer of tables.sanitizers.filter((entry) => entry.language === language)) {
      sanitizer.calls.forEach((call) => this.sanitizers.add(call, sanitizer));
    }
    tables.propagators[language].forEach((call) => this.propagators.add(call, true));
    const known = [
      ...tables.rules.flatMap((rule) =>
        rule.sinks.filter((s) => s.language === language).flatMap((s) => s.call ?? []),
      ),
      ...tables.sources.filter((s) => s.language === language).flatMap((s) => s.paths),
      ...tables.propagators[language],
    ];
    for (const root of known.flatMap(expand).map((path) => path.split(/[.(]/)[0] ?? '')) {
      this.roots.add(root);
    }
  }

  private addSink(place: Place): void {
    const { sink } = place;
    sink.call?.forEach((pattern) => this.calls.add(pattern, place));
    sink.assign?.forEach((pattern) => this.assigns.add(pattern, place));
    sink.option?.forEach((pattern) => this.options.add(pattern, place));
    sink.attribute?.forEach((pattern) => this.attributes.add(pattern, place));
    sink.decorator?.forEach((pattern) => this.decorators.add(pattern, place));
    if (sink.returns) {
      this.returns.push(place);
    }
    if (sink.keys) {
      this.keys.push(place);
    }
  }
}
