import { z } from 'zod';
import { isText } from '../../../projects/snapshots/source-tree.js';
import { cutText } from '../storable.js';
import { defineTool, type Tool } from './tool.js';
import type { Workspace } from './workspace.js';

/** Characters that one answer of a tool may have. */
export const MAX_ANSWER = 16_000;
const MAX_LINES = 400;
const MAX_HITS = 100;

const path = z.string().describe('relative to the project, such as app/main.py');

/** Reads and changes the files. */
export function workspaceTools(workspace: Workspace): Record<string, Tool> {
  return {
    list_files: defineTool(
      'Lists the files of the project with their sizes in bytes.',
      z.object({ folder: z.string().optional().describe('only what lies under it') }),
      ({ folder }) => listFiles(workspace, folder),
    ),
    read_file: defineTool(
      `Reads a text file, at most ${MAX_LINES} lines at once.`,
      z.object({ path, from_line: z.int().min(1).optional(), lines: z.int().min(1).optional() }),
      (args) => readLines(workspace.read(args.path), args.from_line ?? 1, args.lines ?? MAX_LINES),
    ),
    search: defineTool(
      'Finds a text, literally, in all files: path, line number and line.',
      z.object({ text: z.string().min(1), folder: z.string().optional() }),
      ({ text, folder }) => search(workspace, text, folder),
    ),
    write_file: defineTool(
      'Writes a whole file; one that is there is replaced.',
      z.object({ path, content: z.string() }),
      (args) => (workspace.write(args.path, args.content) ? 'Created' : 'Replaced'),
    ),
    edit_file: defineTool(
      'Replaces one piece of a file. old_text must be in the file exactly once, or nothing is changed.',
      z.object({ path, old_text: z.string(), new_text: z.string() }),
      (args) => {
        workspace.replace(args.path, args.old_text, args.new_text);
        return 'Changed';
      },
    ),
    delete_file: defineTool('Deletes a file.', z.object({ path }), (args) => {
      workspace.remove(args.path);
      return 'Deleted';
    }),
  };
}

/** What `list_files` answers; also the first thing that a model is told of a project. */
export function listFiles(workspace: Workspace, folder?: string): string {
  const lines = under(workspace, folder).map(([name, content]) => `${name} ${content.length}`);
  return lines.length > 0 ? cutText(lines.join('\n'), MAX_ANSWER) : 'No files';
}

function readLines(text: string, from: number, count: number): string {
  const lines = text.split('\n');
  const shown = lines.slice(from - 1, from - 1 + Math.min(count, MAX_LINES));
  const isWhole = shown.length === lines.length;
  const range = `[cut: lines ${from} to ${from - 1 + shown.length} of ${lines.length}]`;
  return cutText(isWhole ? text : `${shown.join('\n')}\n${range}`, MAX_ANSWER);
}

function search(workspace: Workspace, text: string, folder?: string): string {
  const hits: string[] = [];
  for (const [name, content] of under(workspace, folder).filter(([, each]) => isText(each))) {
    for (const [index, line] of content.toString('utf8').split('\n').entries()) {
      if (line.includes(text)) {
        hits.push(`${name}:${index + 1}: ${line.slice(0, 300)}`);
      }
    }
  }
  const shown = hits.slice(0, MAX_HITS);
  const mark = hits.length > MAX_HITS ? `\n[cut: ${MAX_HITS} of ${hits.length} lines shown]` : '';
  return hits.length > 0 ? cutText(shown.join('\n'), MAX_ANSWER) + mark : 'Found nowhere';
}

function under(workspace: Workspace, folder: string | undefined): [string, Buffer][] {
  const prefix = (folder ?? '').replace(/^(\.?\/)+|^\.$/, '').replace(/\/*$/, '/');
  return workspace.entries().filter(([name]) => prefix === '/' || name.startsWith(prefix));
}
