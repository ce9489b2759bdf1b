import type { Confidence, Rule, Sink } from '../../rule.js';
import type { CallRecords } from '../calls/call-records.js';
import type { Origin, Step } from '../values/origins.js';

interface At {
  readonly start: number;
  readonly end: number;
}

/** A finding before it is turned into lines and words. */
export interface RawFinding {
  readonly rule: Rule;
  readonly sink: Sink;
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
  readonly step: Step | null;
}

const RANK: Readonly<Record<Confidence, number>> = { low: 0, medium: 1, high: 2 };

/** Collects findings: one per rule and place, the surest one. */
export class Reporter {
  private readonly found = new Map<string, RawFinding & { readonly origin: Origin | null }>();

  /** @param onlyFromOutside Of a file that another one calls: what it does by itself is found where it is analysed. */
  constructor(private readonly onlyFromOutside = false) {}

  pattern(rule: Rule, sink: Sink, at: At): void {
    if (this.onlyFromOutside) {
      return;
    }
    this.add({
      rule,
      sink,
      start: at.start,
      end: at.end,
      confidence: sink.confidence ?? rule.confidence ?? 'high',
      step: null,
      origin: null,
    });
  }

  flow(rule: Rule, sink: Sink, at: At, origin: Origin, confidence: Confidence): void {
    if (this.onlyFromOutside && (origin.kind === 'param' || sink.keys)) {
      return;
    }
    const step = { start: at.start, end: at.end, previous: origin.step, length: 0 };
    this.add({ rule, sink, start: at.start, end: at.end, confidence, step, origin });
  }

  private add(finding: RawFinding & { readonly origin: Origin | null }): void {
    const key = `${finding.rule.id}:${finding.start}`;
    const before = this.found.get(key);
    if (!before || RANK[finding.confidence] > RANK[before.confidence]) {
      this.found.set(key, finding);
    }
  }

  /**
   * All findings in order of place. One that rests on a plain parameter of a function that this file alone calls, and
   * never with a dynamic value, is only worth a low confidence.
   */
  results(calls: CallRecords): RawFinding[] {
    return [...this.found.values()]
      .map(({ origin, ...finding }) => {
        const parameter = origin?.kind === 'param' ? origin.parameter : undefined;
        const record = parameter && calls.get(parameter.fn);
        const harmless =
          parameter !== undefined &&
          record !== undefined &&
          record.calls > 0 &&
          !record.dynamicParameters.has(parameter.index);
        return harmless ? { ...finding, confidence: 'low' as const } : finding;
      })
      .sort((a, b) => a.start - b.start || (a.rule.id < b.rule.id ? -1 : 1));
  }
}
