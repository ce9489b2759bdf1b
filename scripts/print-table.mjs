import process from 'node:process';

/** Prints rows of text as a Markdown table; the first one is its head. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells, filler = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column], filler)).join(' | ')} |\n`;
  const [head, ...body] = rows;
  const ruler = line(
    head.map(() => ''),
    '-',
  );
  process.stdout.write(`\n${line(head)}${ruler}${body.map((row) => line(row)).join('')}\n`);
}
