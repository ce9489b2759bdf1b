import type { FunctionIr } from '../../ir/ir.js';

/** Calls seen to a function, so that a flaw in a private helper is blamed only if a caller makes it real. */
export interface CallRecord {
  calls: number;
  readonly dynamicParameters: Set<number>;
}

export type CallRecords = Map<FunctionIr, CallRecord>;
