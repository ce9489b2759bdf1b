import { tokensOf } from '../../engines/tokens.js';

/** The tokens of one file. White space, comments and imports are none. */
export interface Tokens {
  /** The same number for the same text, in all files of one `Lexer`. */
  ids: number[];
  /** Where each begins; lines count from 1. */
  lines: number[];
}

/** Tokens that data has none of: what happens, not what is. */
const SIGNS_OF_CODE = /^(?:=|=>|\+=|if|else|for|while|return|await|yield|throw|raise|try|with)$/;

/** Turns texts into numbers that can be compared. */
export class Lexer {
  private readonly idOf = new Map<string, number>();
  private readonly codeIds = new Set<number>();
  private readonly wordIds = new Set<number>();
  /** Below zero: of tokens that are equal to no other. */
  private unique = 0;

  /** Whether a token is one that data has none of, such as the bracket of a call. */
  isSignOfCode(id: number, previous: number): boolean {
    return this.codeIds.has(id) || (id === this.idOf.get('(') && this.wordIds.has(previous));
  }

  /** A token that is equal to no other: no duplicate reaches over it. */
  border(): number {
    this.unique -= 1;
    return this.unique;
  }

  read(text: string, isPython: boolean): Tokens {
    const tokens: Tokens = { ids: [], lines: [] };
    const imports = new ImportSkipper(isPython);
    let line = 1;
    for (const { token, isSpace } of tokensOf(text, isPython)) {
      if (!isSpace) {
        const skip = imports.takes(token, line);
        if (skip === 'first') {
          tokens.ids.push(this.border());
          tokens.lines.push(line);
        } else if (skip === null) {
          tokens.ids.push(this.intern(token));
          tokens.lines.push(line);
        }
      }
      line += newlinesIn(token);
    }
    return tokens;
  }

  private intern(token: string): number {
    const known = this.idOf.get(token);
    if (known !== undefined) {
      return known;
    }
    const id = this.idOf.size + 1;
    this.idOf.set(token, id);
    if (SIGNS_OF_CODE.test(token)) {
      this.codeIds.add(id);
    } else if (/^[\p{ID_Start}$_]/u.test(token)) {
      this.wordIds.add(id);
    }
    return id;
  }
}

/** Tells the tokens of imports: files that use the same things begin alike. */
class ImportSkipper {
  private line = 0;
  private isInside = false;
  private depth = 0;

  constructor(private readonly isPython: boolean) {}

  /** @returns `first`: an import begins; `more`: it goes on; `null`: it is none of an import's */
  takes(token: string, line: number): 'first' | 'more' | null {
    const isFirstOfLine = line !== this.line;
    this.line = line;
    if (this.isInside && !(this.isPython && isFirstOfLine && this.depth === 0)) {
      this.depth += '({'.includes(token) ? 1 : ')}'.includes(token) ? -1 : 0;
      // JavaScript's ends with the module's name, or isn't one: `import(…)`, `import.meta`.
      this.isInside = this.isPython || !(this.depth <= 0 && /^['"]|^[.;]$/.test(token));
      return 'more';
    }
    this.depth = 0;
    this.isInside = isFirstOfLine && (token === 'import' || (this.isPython && token === 'from'));
    return this.isInside ? 'first' : null;
  }
}

function newlinesIn(token: string): number {
  let count = 0;
  for (let at = token.indexOf('\n'); at !== -1; at = token.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
