import { ApiError } from '../../../common/api-error.js';
import { checkPath } from '../../../projects/snapshots/paths.js';
import { isText, refuseUnstorable, sortedByPath } from '../../../projects/snapshots/source-tree.js';
import type { SourceTree } from '../code-model.js';

/** What a model asked of the workspace can't be done; the message tells it why. Nothing was changed. */
export class ToolProblem extends Error {
  override name = 'ToolProblem';
}

/** A project's files while a model works on them. In memory: no path of it ever reaches a disk of this machine. */
export class Workspace {
  private readonly files: Map<string, Buffer>;
  private readonly changed: Set<string>;
  private isSaved = true;

  /**
   * @param maxBytes Of all files together.
   * @param before What there was before the model's first change, in an earlier process; absent: `files`.
   */
  constructor(
    files: SourceTree,
    private readonly maxBytes: number,
    before: SourceTree = files,
  ) {
    this.files = new Map(files);
    const isChanged = ([path, content]: [string, Buffer]) => !before.get(path)?.equals(content);
    this.changed = new Set([...files].filter(isChanged).map(([path]) => path));
  }

  /** As it is now; later changes don't show in it. */
  snapshot(): SourceTree {
    return new Map(sortedByPath(this.files));
  }

  /** Whether anything was changed since the last `markSaved`. */
  get isDirty(): boolean {
    return !this.isSaved;
  }

  markSaved(): void {
    this.isSaved = true;
  }

  /** Paths that the model wrote and that are still there. */
  changedPaths(): string[] {
    return [...this.changed].filter((path) => this.files.has(path));
  }

  /** By path. */
  entries(): [string, Buffer][] {
    return sortedByPath(this.files);
  }

  /** @throws ToolProblem where it isn't there, or is no text */
  read(path: string): string {
    const content = this.find(path);
    if (!isText(content)) {
      throw new ToolProblem(`${path} is no text: ${content.length} bytes`);
    }
    return content.toString('utf8');
  }

  /** @returns whether the file is new @throws ToolProblem */
  write(path: string, text: string): boolean {
    refuseBadPath(path);
    const isNew = !this.files.has(path);
    const content = Buffer.from(text);
    this.refuseTooLarge(new Map(this.files).set(path, content));
    this.put(path, content);
    return isNew;
  }

  /**
   * Puts `after` in the place of `before`.
   * @throws ToolProblem unless `before` is there exactly once
   */
  replace(path: string, before: string, after: string): void {
    const text = this.read(path);
    if (before === '') {
      throw new ToolProblem('old_text is empty: use write_file for a whole file');
    }
    const at = text.indexOf(before);
    if (at === -1) {
      throw new ToolProblem(
        `old_text is not in ${path}: read the file and copy the text exactly, spaces included`,
      );
    }
    if (text.indexOf(before, at + 1) !== -1) {
      throw new ToolProblem(`old_text is in ${path} more than once: take more lines around it`);
    }
    this.write(path, text.slice(0, at) + after + text.slice(at + before.length));
  }

  /** @throws ToolProblem where it isn't there */
  remove(path: string): void {
    this.find(path);
    this.files.delete(path);
    this.isSaved = false;
  }

  private put(path: string, content: Buffer): void {
    if (this.files.get(path)?.equals(content)) {
      return;
    }
    this.files.set(path, content);
    this.changed.add(path);
    this.isSaved = false;
  }

  private find(path: string): Buffer {
    refuseBadPath(path);
    const content = this.files.get(path);
    if (!content) {
      throw new ToolProblem(`There is no file ${path}`);
    }
    return content;
  }

  private refuseTooLarge(files: SourceTree): void {
    try {
      refuseUnstorable(files, this.maxBytes);
    } catch (error) {
      if (error instanceof ApiError) {
        throw new ToolProblem(error.detail);
      }
      throw error;
    }
  }
}

function refuseBadPath(path: string): void {
  const reason = checkPath(path);
  if (reason !== null) {
    throw new ToolProblem(`The path ${reason}: give one inside the project, such as app/main.py`);
  }
}
