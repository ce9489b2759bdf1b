import type { Editor } from '../code-model.js';

/** Percent of the whole build; 5 to 25 are planning and scaffolding, 98 is packaging. */
export interface ProgressRange {
  from: number;
  to: number;
}

const FIRST_VERIFICATION = 55;
const END = 95;

/** While the checks run, after so many repairs. */
export function verifyingRange(editor: Editor | null, repairs: number): ProgressRange {
  if (!editor) {
    return { from: 30, to: END };
  }
  // A repair and its verification share what is left evenly.
  const { to } = editingRange(editor, repairs);
  return { from: to, to: repairs < editor.maxRepairs ? to + stepOf(editor) / 2 : END };
}

/** While the model writes: its first work, or the repair of that number, from 1. */
export function editingRange(editor: Editor, repair: number): ProgressRange {
  if (repair === 0) {
    return { from: 25, to: FIRST_VERIFICATION };
  }
  const step = stepOf(editor);
  const from = FIRST_VERIFICATION + step * (repair - 0.5);
  return { from, to: from + step / 2 };
}

function stepOf(editor: Editor): number {
  return (END - FIRST_VERIFICATION) / (editor.maxRepairs + 1);
}
