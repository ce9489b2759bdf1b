import { extname } from 'node:path';
import { isText, sortedByPath } from '../../projects/snapshots/source-tree.js';
import { fileKindOf, nestsTooDeep, type FileKind } from '../security/file-kinds.js';
import { compareText } from '../findings/finding.js';
import type { SkippedFile } from '../analyzers/analyzer.js';
import { readSuppressions, type MarkedSource } from '../findings/suppressions.js';

/** Code by the ending of its name; what isn't here (documents, data, pictures) is no code. */
const LANGUAGES: Record<string, string> = {
  '.py': 'Python',
  '.pyi': 'Python',
  '.ipynb': 'Jupyter',
  '.js': 'JavaScript',
  '.cjs': 'JavaScript',
  '.mjs': 'JavaScript',
  '.jsx': 'JavaScript',
  '.ts': 'TypeScript',
  '.cts': 'TypeScript',
  '.mts': 'TypeScript',
  '.tsx': 'TypeScript',
  '.vue': 'Vue',
  '.svelte': 'Svelte',
  '.go': 'Go',
  '.rs': 'Rust',
  '.java': 'Java',
  '.kt': 'Kotlin',
  '.scala': 'Scala',
  '.c': 'C',
  '.h': 'C',
  '.cc': 'C++',
  '.cpp': 'C++',
  '.hpp': 'C++',
  '.cs': 'C#',
  '.swift': 'Swift',
  '.rb': 'Ruby',
  '.php': 'PHP',
  '.sh': 'Shell',
  '.sql': 'SQL',
};

const ANALYZED = ['Python', 'JavaScript', 'TypeScript'];

/** No code, but what an engine may read as data to understand the code. */
const CONFIGURATION =
  /(^|\/)((tsconfig[^/]*|jsconfig|package)\.json|requirements[^/]*\.(txt|in)|pyproject\.toml|setup\.cfg|Pipfile)$/;

/** Beyond these, parsers of all kinds take for ever or break. */
const MAX_BYTES = 1024 * 1024;
const MAX_LINE_LENGTH = 10_000;

const NOT_OURS: Partial<Record<FileKind, string>> = {
  vendored: 'vendored code',
  generated: 'generated code',
  minified: 'minified code',
};

/** One file that engines get. */
export interface SourceFile {
  language: string;
  /** Code that tests, not what is shipped. */
  isTest: boolean;
  /** With its suppression comments unreadable. */
  content: Buffer;
  /** As it is. */
  text: string;
  suppressions: MarkedSource['suppressions'];
}

export interface Inventory {
  /** By path: what is written here, in languages that engines know. */
  code: ReadonlyMap<string, SourceFile>;
  /** By path: data for engines that ask for it. */
  configuration: ReadonlyMap<string, Buffer>;
  /** Code that no engine gets, and why. */
  skipped: readonly SkippedFile[];
  /** Of these, what is written here all the same. */
  unread: ReadonlySet<string>;
  /** Files of code in languages without an engine: name -> how many. */
  otherLanguages: ReadonlyMap<string, number>;
}

/** The language of a file of code; `null`: not code. */
export function languageOf(path: string): string | null {
  return LANGUAGES[extname(path).toLowerCase()] ?? null;
}

/**
 * Tells the project's own code from what only lies beside it, and sane files from those that break engines; all of it
 * in one order, whatever the order of the files.
 */
export function takeInventory(files: ReadonlyMap<string, Buffer>): Inventory {
  const code = new Map<string, SourceFile>();
  const configuration = new Map<string, Buffer>();
  const skipped: SkippedFile[] = [];
  const otherLanguages = new Map<string, number>();
  for (const [file, content] of sortedByPath(files)) {
    const language = languageOf(file);
    if (language === null) {
      if (CONFIGURATION.test(file) && content.length <= MAX_BYTES) {
        configuration.set(file, content);
      }
    } else if (!ANALYZED.includes(language)) {
      otherLanguages.set(language, (otherLanguages.get(language) ?? 0) + 1);
    } else {
      const source = toSource(file, language, content);
      if (typeof source === 'string') {
        skipped.push({ file, reason: source });
      } else {
        code.set(file, source);
      }
    }
  }
  const others = new Set(Object.values(NOT_OURS));
  const unread = skipped.filter(({ reason }) => !others.has(reason)).map(({ file }) => file);
  return { code, configuration, skipped, unread: new Set(unread), otherLanguages };
}

/** What was not analysed, and why, in sentences. */
export function notesOn({ skipped, otherLanguages }: Inventory): string[] {
  const byReason = new Map<string, SkippedFile[]>();
  for (const file of skipped) {
    byReason.set(file.reason, [...(byReason.get(file.reason) ?? []), file]);
  }
  return [
    ...[...otherLanguages]
      .sort(([a, m], [b, n]) => n - m || compareText(a, b))
      .map(([name, n]) => `${counted(n)} of ${name} not analysed: there is no engine for it`),
    ...[...byReason].map(
      ([reason, of]) =>
        `${counted(of.length)} not analysed (${reason}), such as ${of[0]?.file ?? ''}`,
    ),
  ];
}

/** Lines that are not blank. */
export function countLines(text: string): number {
  let lines = 0;
  let isBlank = true;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === LINE_FEED) {
      lines += isBlank ? 0 : 1;
      isBlank = true;
    } else if (unit > SPACE) {
      isBlank = false;
    }
  }
  return isBlank ? lines : lines + 1;
}

export function counted(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

const LINE_FEED = 10;
const SPACE = 32;

/** @returns the reason where no engine is to get it */
function toSource(file: string, language: string, content: Buffer): SourceFile | string {
  if (!isText(content)) {
    return 'not UTF-8 text';
  }
  if (content.length > MAX_BYTES) {
    return 'larger than 1 MiB';
  }
  const original = content.toString('utf8');
  const kind = fileKindOf(file, original);
  const notOurs = NOT_OURS[kind];
  if (notOurs !== undefined) {
    return notOurs;
  }
  if (hasLongLine(original)) {
    return `a line longer than ${MAX_LINE_LENGTH} characters`;
  }
  if (nestsTooDeep(original)) {
    return 'nested too deeply';
  }
  const { text, suppressions } = readSuppressions(original, language);
  return {
    language,
    isTest: kind === 'test',
    content: suppressions.all.length === 0 ? content : Buffer.from(text),
    text: original,
    suppressions,
  };
}

function hasLongLine(text: string): boolean {
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    if (end - start > MAX_LINE_LENGTH) {
      return true;
    }
    start = end + 1;
  }
  return text.length - start > MAX_LINE_LENGTH;
}
