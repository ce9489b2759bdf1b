import { NOTHING_TO_FIND } from '../../analyzer.js';
import { posix } from 'node:path';
import ts from 'typescript';
import { CAPPED, MAX_FINDINGS_A_FILE } from '../../process/capped.js';
import type { JailedFiles } from './jailed-host.js';
import type { OwnPackages } from './own-packages.js';
import type { Project } from './project-options.js';
import { ProjectSources, stubOf } from './project-sources.js';
import { DECLARATIONS, LIBRARY, TREE } from './tree-paths.js';
import { isVerified } from './verified/verified-errors.js';
import { GLOBALS_STUB, JSX_RUNTIME_STUB, writeStubs } from './stubs/write-stubs.js';

export interface TypeScriptError {
  file: string;
  line: number;
  column: number;
  endLine: number;
  code: number;
  message: string;
}

export interface FileResult {
  file: string;
  errors: TypeScriptError[];
  /** Why it was not, or not wholly, checked; `null`: it was. */
  skipped: string | null;
}

/** Checks the files of one project, one after the other. */
export function* checkProject(
  files: JailedFiles,
  project: Project,
  packages: OwnPackages,
): Generator<FileResult> {
  const names = project.files.filter((file) => !DECLARATIONS.test(file));
  const sources = new ProjectSources(files, project.options, packages);
  const roots = project.files
    .map(inTree)
    .filter((path) => sources.isChecked(path) || DECLARATIONS.test(path))
    .sort(byDepth);
  if (!names.some((file) => sources.isChecked(inTree(file)))) {
    yield* names.map(unasked);
    return;
  }
  sources.collect(roots);
  writeStubs(sources);
  const program = ts.createProgram({
    rootNames: [...roots, GLOBALS_STUB],
    options: { ...project.options, allowJs: true },
    host: hostOf(sources),
  });
  const checker = program.getTypeChecker();
  for (const file of names) {
    const source = sources.isChecked(inTree(file))
      ? program.getSourceFile(inTree(file))
      : undefined;
    yield source ? checkFile(file, source, program, checker) : unasked(file);
  }
}

function checkFile(
  file: string,
  source: ts.SourceFile,
  program: ts.Program,
  checker: ts.TypeChecker,
): FileResult {
  if (program.getSyntacticDiagnostics(source).length > 0) {
    // What follows from a syntax error is no type error.
    return { file, errors: [], skipped: 'Syntax errors' };
  }
  const errors = program
    .getSemanticDiagnostics(source)
    .filter((error) => isVerified(error, source, checker))
    .map((error) => toError(file, source, error));
  return errors.length <= MAX_FINDINGS_A_FILE
    ? { file, errors, skipped: null }
    : {
        file,
        errors: errors.slice(0, MAX_FINDINGS_A_FILE),
        skipped: CAPPED,
      };
}

/** Reads only what `JailedFiles` has, and writes nothing. */
function hostOf(sources: ProjectSources): ts.CompilerHost {
  const { files } = sources;
  return {
    fileExists: files.fileExists,
    readFile: files.readFile,
    directoryExists: files.directoryExists,
    getDirectories: files.getDirectories,
    getCurrentDirectory: files.getCurrentDirectory,
    realpath: files.realpath,
    getSourceFile: (path) => sources.parse(path),
    getDefaultLibFileName: () => `${LIBRARY}/lib.d.ts`,
    getDefaultLibLocation: () => LIBRARY,
    writeFile: () => undefined,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolveOrStub(sources, text, from) })),
    resolveTypeReferenceDirectiveReferences: (references) =>
      references.map(() => ({ resolvedTypeReferenceDirective: undefined })),
  };
}

function resolveOrStub(
  sources: ProjectSources,
  specifier: string,
  from: string,
): ts.ResolvedModuleFull {
  const found = sources.resolve(specifier, from);
  if (found) {
    return found;
  }
  if (/\/jsx(-dev)?-runtime$/.test(specifier)) {
    return stubModule(JSX_RUNTIME_STUB);
  }
  const usage = sources.usages.get(from)?.modules.get(specifier);
  const kind = usage?.asWhole && !usage.byName ? 'whole' : 'names';
  return stubModule(`${stubOf(specifier, from)}.${kind}.d.ts`);
}

function stubModule(path: string): ts.ResolvedModuleFull {
  return { resolvedFileName: path, extension: ts.Extension.Dts, isExternalLibraryImport: false };
}

/**
 * What lies higher first, much as the compiler itself finds files: of two files that add to one interface, one at its
 * module and one at another that exports it again, the second is only heeded after the first.
 */
function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length;
}

function inTree(file: string): string {
  return posix.join(TREE, file);
}

function unasked(file: string): FileResult {
  return { file, errors: [], skipped: NOTHING_TO_FIND };
}

function toError(file: string, source: ts.SourceFile, error: ts.Diagnostic): TypeScriptError {
  const start = error.start ?? 0;
  const from = source.getLineAndCharacterOfPosition(start);
  const to = source.getLineAndCharacterOfPosition(start + (error.length ?? 0));
  return {
    file,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    code: error.code,
    message: ts.flattenDiagnosticMessageText(error.messageText, '\n').split('\n', 1)[0] ?? '',
  };
}
