import './liftoff-only.js';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { keepFormats } from '../keep-formats.js';

/** As the generated `pyproject.toml` has it. */
const FORMAT = { 'line-length': 100, 'target-version': 'py310' };
/** Without a file system nobody could tell whose modules these are. */
const IMPORTS = {
  ...FORMAT,
  lint: { select: ['I'], isort: { 'known-first-party': ['app', 'tests'] } },
};

/** What comes after the imports: parsing them alone takes a tenth of the time. */
const FIRST_STATEMENT = /^(?:class|def|async|@|[A-Za-z_]\w* *[:=])/m;

let workspaces: { imports: Workspace; format: Workspace } | undefined;
const layOutOnce = keepFormats(layOut);

/**
 * Sorts and joins the imports of a Python file and lays it out, whatever the length of the names in it.
 *
 * The formatter of the checks itself, compiled to WebAssembly: a template can't know where a line has to break.
 */
export function formatPython(path: string, text: string): string {
  return path.endsWith('.py') ? layOutOnce(path, text) : text;
}

function layOut(_path: string, text: string): string {
  workspaces ??= {
    imports: new Workspace(IMPORTS, PositionEncoding.Utf16),
    format: new Workspace(FORMAT, PositionEncoding.Utf16),
  };
  const end = text.search(FIRST_STATEMENT);
  const head = end < 0 ? text : text.slice(0, end);
  const sorted = sortImports(workspaces.imports, head);
  return workspaces.format.format(sorted + text.slice(head.length));
}

interface Position {
  row: number;
  column: number;
}

interface Edit {
  content: string | null;
  location: Position;
  end_location: Position;
}

function sortImports(workspace: Workspace, text: string): string {
  const diagnostics = workspace.check(text) as { fix: { edits: Edit[] } | null }[];
  const edits = diagnostics.flatMap(({ fix }) => fix?.edits ?? []);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offsetOf = ({ row, column }: Position) => (starts[row - 1] ?? text.length) + column - 1;
  return edits
    .sort((a, b) => offsetOf(b.location) - offsetOf(a.location))
    .reduce(
      (sorted, { content, location, end_location: end }) =>
        sorted.slice(0, offsetOf(location)) + (content ?? '') + sorted.slice(offsetOf(end)),
      text,
    );
}
