import { parser } from '@lezer/python';

/** A node of the concrete syntax tree, detached from the parser so that walking it is cheap. */
export interface Node {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly children: Node[];
}

/** Parses without recursion: however deep the source nests, this doesn't overflow. */
export function parsePython(text: string): Node {
  const cursor = parser.parse(text).cursor();
  const node = (): Node => ({
    name: cursor.name,
    start: cursor.from,
    end: cursor.to,
    children: [],
  });
  const root = node();
  const stack: Node[] = [root];
  if (!cursor.firstChild()) {
    return root;
  }
  for (;;) {
    const current = node();
    stack[stack.length - 1]?.children.push(current);
    if (cursor.firstChild()) {
      stack.push(current);
      continue;
    }
    while (!cursor.nextSibling()) {
      if (stack.length === 1 || !cursor.parent()) {
        return root;
      }
      stack.pop();
    }
  }
}

/** Nodes that carry no meaning of their own. */
export const PUNCTUATION = new Set([
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  ';',
  '.',
  '⚠',
  'Comment',
]);

/** Children that carry meaning: no brackets, commas, comments or error marks. */
export const meaningful = (node: Node): Node[] =>
  node.children.filter((child) => !PUNCTUATION.has(child.name));
