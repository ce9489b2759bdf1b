import type { ModuleIr } from '../ir/ir.js';
import type { Confidence, Rule } from '../rule.js';

export interface CheckedFinding {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
}

/** A check that looks at a file without following values. */
export type Check = (module: ModuleIr, text: string) => CheckedFinding[];
