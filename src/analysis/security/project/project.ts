import { languageOf, nestsTooDeep } from '../file-kinds.js';
import type { ModuleIr } from '../ir/ir.js';
import { lowerJavaScript } from '../javascript/lower.js';
import { SourceText } from '../ir/source-text.js';
import { ImportGraph } from './import-graph.js';

/** Characters of source whose lowered form is kept. */
const MAX_KEPT = 6 * 1024 * 1024;
const MAX_FILE = 2 * 1024 * 1024;

/** The JavaScript and TypeScript of a project, lowered when something looks into it. */
export class Project {
  private readonly lowered = new Map<string, ModuleIr>();
  private kept = 0;

  /**
   * @param text Of a file; undefined where there is none of that name.
   * @param reachable Files that may have a part in a flow through one.
   */
  constructor(
    readonly text: (file: string) => string | undefined,
    readonly reachable: (file: string) => readonly string[] = reachableBy(text),
  ) {}

  /** Null where there is no such file, or none that can be read. */
  moduleOf(file: string): ModuleIr | null {
    const known = this.lowered.get(file);
    if (known) {
      return known;
    }
    const text = this.text(file);
    if (
      text === undefined ||
      text.length > MAX_FILE ||
      languageOf(file) !== 'javascript' ||
      nestsTooDeep(text)
    ) {
      return null;
    }
    return this.keep(file, lowerJavaScript(file, text), text.length);
  }

  private keep(file: string, module: ModuleIr, size: number): ModuleIr {
    if (this.kept + size > MAX_KEPT) {
      this.lowered.clear();
      this.kept = 0;
    }
    this.lowered.set(file, module);
    this.kept += size;
    return module;
  }
}

function reachableBy(text: Project['text']): (file: string) => readonly string[] {
  const graph = new ImportGraph(text);
  return (file) => graph.reachable(file);
}

/** Texts of the file that is analysed and of those that it reaches, made when they are asked for. */
export class Sources {
  private readonly made = new Map<string, SourceText>();

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly project: Project,
  ) {}

  of(file: string): SourceText {
    const known = this.made.get(file);
    if (known) {
      return known;
    }
    const text = file === this.file ? this.text : (this.project.text(file) ?? '');
    const source = new SourceText(text);
    this.made.set(file, source);
    return source;
  }
}
