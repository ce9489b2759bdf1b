import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { SandboxCommand, SandboxLimits, SandboxStop } from '../sandbox.js';

/**
 * Refuses what no sandbox could run: no program, or files outside the workspace.
 * @throws RangeError naming the first fault.
 */
export function assertCommand(command: SandboxCommand): void {
  const [program] = command.argv;
  // `env NAME=VALUE … PROGRAM` would take it for a variable.
  if (!program || program.includes('=') || program.startsWith('-')) {
    throw new RangeError(`not a program's name: ${JSON.stringify(program)}`);
  }
  for (const [name, value] of Object.entries(command.env ?? {})) {
    if (name === '' || name.includes('=') || name.startsWith('-') || value.includes('\0')) {
      throw new RangeError(`not an environment variable: ${JSON.stringify(name)}`);
    }
  }
  for (const { inside } of command.mounts ?? []) {
    if (!/^(?:\/(?!\.{1,2}(?:\/|$))[^/\0]+)+$/.test(inside) || SYSTEM_FOLDERS.test(inside)) {
      throw new RangeError(`not a place for a mount: ${JSON.stringify(inside)}`);
    }
  }
  assertWorkspacePaths(command.files);
}

/** Whether the files alone pass a limit of the workspace, counted as tmpfs does: whole pages, folders included. */
export function overflowOf(
  files: ReadonlyMap<string, Buffer>,
  limits: SandboxLimits,
): SandboxStop | null {
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  if (files.size + folders.size > limits.inodes) {
    return 'inodes';
  }
  let bytes = 0;
  for (const content of files.values()) {
    bytes += Math.ceil(content.length / PAGE_BYTES) * PAGE_BYTES;
  }
  return bytes > limits.diskBytes ? 'disk' : null;
}

/** The files as a tar stream; modes are 0644, folders come into being by themselves. */
export function tarOf(files: ReadonlyMap<string, Buffer>): Readable {
  const archive = pack();
  const now = new Date();
  for (const [name, content] of files) {
    archive.entry({ name, mode: 0o644, mtime: now, type: 'file' }, content);
  }
  archive.finalize();
  return Readable.from(archive, { objectMode: false });
}

const PAGE_BYTES = 4096;
const SYSTEM_FOLDERS = /^\/(?:usr|bin|sbin|lib\w*|proc|dev|etc|sys)(?:\/|$)|^\/(?:tmp|workspace)$/;

/** No path may name anything outside the workspace, or a file where another needs a folder. */
function assertWorkspacePaths(files: ReadonlyMap<string, Buffer>): void {
  for (const path of files.keys()) {
    const segments = path.split('/');
    if (path.includes('\0') || segments.some((s) => s === '' || s === '.' || s === '..')) {
      throw new RangeError(`not a path inside the workspace: ${JSON.stringify(path)}`);
    }
    if (foldersOf(path).some((folder) => files.has(folder))) {
      throw new RangeError(`a file and a folder of the same name above ${JSON.stringify(path)}`);
    }
  }
}

function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
