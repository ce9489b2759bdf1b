/** What a line of Python stands in. */
export type PythonScope = 'module' | 'class' | 'annotated' | 'untyped';

interface Block {
  indent: number;
  scope: PythonScope;
}

const HEADER = /^(\s*)(?:async\s+)?(def|class)\b/;
const ANNOTATION = /->|[(,*]\s*\w+\s*:(?!=)/;
const MAX_HEADER_LINES = 40;

/** The scope of each line, by indentation: texts over several lines count as code, which is near enough. */
export function scopesOf(text: string): PythonScope[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let headerEnd = -1;
  return lines.map((line, index) => {
    if (line.trim() === '' || index <= headerEnd) {
      return blocks.at(-1)?.scope ?? 'module';
    }
    const indent = line.length - line.trimStart().length;
    while ((blocks.at(-1)?.indent ?? -1) >= indent && !/^\s*[)\]}#]/.test(line)) {
      blocks.pop();
    }
    const scope = blocks.at(-1)?.scope ?? 'module';
    const [, , keyword] = HEADER.exec(line) ?? [];
    if (keyword !== undefined) {
      const length = headerLength(lines, index);
      const header = lines.slice(index, index + length).join(' ');
      headerEnd = index + length - 1;
      const isTyped = ANNOTATION.test(header);
      blocks.push({
        indent,
        scope: keyword === 'class' ? 'class' : isTyped ? 'annotated' : 'untyped',
      });
    }
    return scope;
  });
}

function headerLength(lines: readonly string[], start: number): number {
  let open = 0;
  for (let at = start; at < Math.min(lines.length, start + MAX_HEADER_LINES); at += 1) {
    const line = (lines[at] ?? '').replace(/#.*/, '');
    open += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0);
    if (open <= 0) {
      return at - start + 1;
    }
  }
  return 1;
}
