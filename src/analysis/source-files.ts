import { extname } from 'node:path';
import { isText } from '../projects/source-tree.js';

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

/** Installed, not written here: its findings are for its own authors. */
const VENDORED = /(^|\/)(node_modules|site-packages|\.?venv|vendor|third_party)\//;
const TESTS = /(^|\/)(tests?|__tests__)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/;

/** The language of a file of code; `null`: not code. */
export function languageOf(path: string): string | null {
  return LANGUAGES[extname(path).toLowerCase()] ?? null;
}

/** Whether a file belongs to the tests rather than to what is shipped. */
export function isTestFile(path: string): boolean {
  return TESTS.test(path);
}

export interface SourceInventory {
  /** Every file of code that is written here and is text. */
  code: ReadonlyMap<string, Buffer>;
  /** What was left out before any engine saw it, and why. */
  notes: string[];
}

/** Tells the project's own code from what only lies beside it. */
export function takeInventory(files: ReadonlyMap<string, Buffer>): SourceInventory {
  const code = new Map<string, Buffer>();
  const vendored: string[] = [];
  const unreadable: string[] = [];
  for (const [path, content] of files) {
    if (languageOf(path) === null) {
      continue;
    }
    if (VENDORED.test(path)) {
      vendored.push(path);
    } else if (!isText(content)) {
      unreadable.push(path);
    } else {
      code.set(path, content);
    }
  }
  return {
    code,
    notes: [
      ...noteOn(vendored, 'not analysed, as vendored code'),
      ...noteOn(unreadable, 'not analysed, because not UTF-8 text'),
    ],
  };
}

/** One note a language that no engine takes, the most files first. */
export function notesOnUntaken(paths: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const language = languageOf(path) ?? 'other';
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([language, n]) => `${counted(n)} of ${language} not analysed: there is no engine for it`);
}

/** Lines that are not blank. */
export function countLines(contents: Iterable<Buffer>): number {
  let lines = 0;
  for (const content of contents) {
    lines += content.toString('utf8').match(/^.*\S.*$/gm)?.length ?? 0;
  }
  return lines;
}

export function counted(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

function noteOn(paths: readonly string[], what: string): string[] {
  return paths.length === 0 ? [] : [`${counted(paths.length)} ${what}, such as ${paths[0]}`];
}
