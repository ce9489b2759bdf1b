import { posix } from 'node:path';
import ts from 'typescript';
import { isModule, topLevelNames, usageOf, type FileUsage } from './stubs/import-usage.js';
import type { JailedFiles } from './jailed-host.js';
import type { OwnPackages } from './own-packages.js';
import { DECLARATIONS, insideTree, JAVASCRIPT, STUBS } from './tree-paths.js';

const ASKS_FOR_CHECKS = /^\s*\/\/+\s*@ts-check\b/m;

/** The files of one project as the compiler sees them, and where their imports lead inside the tree. */
export class ProjectSources {
  /** By path, of every file that `collect` came to. */
  readonly usages = new Map<string, FileUsage>();
  /** What scripts declare: if they do run on one page, for each other. */
  readonly ofScripts = new Set<string>();
  private readonly parsed = new Map<string, ts.SourceFile | undefined>();
  private readonly resolved = new Map<string, ts.ResolvedModuleFull | undefined>();

  constructor(
    readonly files: JailedFiles,
    readonly options: ts.CompilerOptions,
    private readonly packages: OwnPackages,
  ) {}

  /** JavaScript only where the project or the file asks for it. */
  isChecked(path: string): boolean {
    if (!JAVASCRIPT.test(path)) {
      return !DECLARATIONS.test(path);
    }
    return (
      this.options.checkJs === true ||
      ASKS_FOR_CHECKS.test((this.files.readFile(path) ?? '').slice(0, 2000))
    );
  }

  /** Reads what every file, and every file of the tree that it leads to, asks of its modules. */
  collect(roots: readonly string[]): void {
    const queue = [...roots];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const source = this.usages.has(path) ? undefined : this.parse(path);
      if (source) {
        const usage = usageOf(source);
        this.usages.set(path, usage);
        for (const specifier of usage.modules.keys()) {
          const target = this.resolve(specifier, path);
          if (target) {
            queue.push(target.resolvedFileName);
          }
        }
      }
    }
  }

  /** In the tree; what JavaScript means by its values is not known where it isn't checked. */
  resolve(specifier: string, from: string): ts.ResolvedModuleFull | undefined {
    const key = `${posix.dirname(from)}:${specifier}`;
    if (!this.resolved.has(key)) {
      this.resolved.set(key, this.resolveAnew(specifier, from));
    }
    return this.resolved.get(key);
  }

  parse(path: string): ts.SourceFile | undefined {
    if (!this.parsed.has(path)) {
      this.parsed.set(path, this.parseAnew(path));
    }
    return this.parsed.get(path);
  }

  /**
   * Every file as a module: scripts that lie in one tree don't run on one page for that. Added at the end, as places
   * must stay the same.
   */
  private parseAnew(path: string): ts.SourceFile | undefined {
    const text = this.files.readFile(path);
    if (text === undefined) {
      return undefined;
    }
    const file = parsed(path, text);
    if (isModule(file) || DECLARATIONS.test(path) || insideTree(path) === null) {
      return file;
    }
    topLevelNames(file.statements).forEach((name) => this.ofScripts.add(name));
    return parsed(path, `${text}\nexport {};`);
  }

  private resolveAnew(specifier: string, from: string): ts.ResolvedModuleFull | undefined {
    const options = { ...this.options, allowJs: true };
    const { resolvedModule } = ts.resolveModuleName(specifier, from, options, this.files);
    const path = resolvedModule?.resolvedFileName;
    const isKnown =
      path !== undefined &&
      this.files.fileExists(path) &&
      (!JAVASCRIPT.test(path) || this.options.allowJs === true || this.isChecked(path));
    return isKnown && !path.endsWith('.json') ? resolvedModule : this.resolveOwn(specifier);
  }

  private resolveOwn(specifier: string): ts.ResolvedModuleFull | undefined {
    const path = this.packages.resolve(specifier);
    return path === null
      ? undefined
      : {
          resolvedFileName: path,
          extension: posix.extname(path) as ts.Extension,
          isExternalLibraryImport: false,
        };
  }
}

/** The stub of a module that isn't here, without its ending; relative ones by the place that they name. */
export function stubOf(specifier: string, from: string): string {
  const name = specifier.startsWith('.')
    ? posix.join(posix.dirname(from), specifier)
    : `package/${specifier}`;
  return `${STUBS}/${encodeURIComponent(name).slice(0, 1000)}`;
}

function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
}
