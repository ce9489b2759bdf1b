import type { Language } from './ir/ir.js';

/** What a file is, apart from its language: only `source` and `test` are analysed. */
export type FileKind = 'source' | 'test' | 'generated' | 'minified' | 'vendored' | 'declarations';

const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['py', 'python'],
  ['pyw', 'python'],
  ['js', 'javascript'],
  ['mjs', 'javascript'],
  ['cjs', 'javascript'],
  ['jsx', 'javascript'],
  ['ts', 'javascript'],
  ['mts', 'javascript'],
  ['cts', 'javascript'],
  ['tsx', 'javascript'],
]);

/** The language of a file by its name, null for one that isn't analysed. */
export function languageOf(file: string): Language | null {
  return LANGUAGES.get(file.slice(file.lastIndexOf('.') + 1).toLowerCase()) ?? null;
}

const TEST_PATH =
  /(^|\/)(tests?|__tests__|spec|specs|e2e|testing|fixtures?|__mocks__|mocks?|cypress|playwright|test-utils|examples?\/tests?)\/|(^|\/)(test_[^/]*|conftest)\.py$|_test\.py$|[.-](test|spec|e2e|e2e-spec|int-spec|stories)\.[cm]?[jt]sx?$/i;
const VENDORED_PATH =
  /(^|\/)(node_modules|bower_components|vendors?|third[-_]?party|site-packages|\.venv|venv|_vendor)\/|(^|\/)(static|public|assets|www|wwwroot)\/([^/]+\/)*(jquery|bootstrap|html5shiv|materialize|modernizr|angular|d3|moment|lodash|underscore|raphael|select2|datatables|ckeditor|tinymce|highcharts|popper|codemirror)([.-][\w.-]*)?\.js$/i;
const GENERATED_PATH =
  /(^|\/)(dist|build|out|\.next|\.nuxt|coverage|generated|__generated__)\/.*\.[cm]?js$|_pb2(_grpc)?\.py$|\.generated\.|\.pb\.[jt]s$/i;
const GENERATED_MARK =
  /@generated\b|DO NOT EDIT|auto-?generated (?:by|file|from|code)|This file (?:is|was) (?:auto|automatically)[- ]generated/i;

/** Tells what kind of file this is by its path and its text. */
export function fileKindOf(file: string, text: string): FileKind {
  if (/\.d\.[cm]?ts$/.test(file)) {
    return 'declarations';
  }
  if (VENDORED_PATH.test(file)) {
    return 'vendored';
  }
  if (/[.-]min\.[cm]?js$/.test(file) || looksMinified(text)) {
    return 'minified';
  }
  if (GENERATED_PATH.test(file) || GENERATED_MARK.test(text.slice(0, 1000))) {
    return 'generated';
  }
  return TEST_PATH.test(file) ? 'test' : 'source';
}

/** Long lines nearly without spaces: written by a machine for a machine. */
function looksMinified(text: string): boolean {
  if (text.length < 2000) {
    return false;
  }
  const lines = text.split('\n');
  const longest = lines.reduce((all, line) => Math.max(all, line.length), 0);
  return text.length / lines.length > 300 || (longest > 20_000 && longest > text.length / 4);
}

const MAX_NESTING = 200;

/** Brackets nested deeper than any person writes, which parsers of all kinds fail on. Strings count too: it is a bound. */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 40: // (
      case 91: // [
      case 123: // {
        depth += 1;
        if (depth > MAX_NESTING) {
          return true;
        }
        break;
      case 41:
      case 93:
      case 125:
        depth = Math.max(0, depth - 1);
        break;
      default:
    }
  }
  return false;
}
