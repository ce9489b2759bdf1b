/** The tokens of one file. White space, comments and imports are none. */
export interface Tokens {
  /** The same number for the same text, in all files of one `Lexer`. */
  ids: number[];
  /** Where each begins; lines count from 1. */
  lines: number[];
}

const STRING = String.raw`"[^"\\\n]*(?:\\[^][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[^][^'\\\n]*)*'?`;
const WORD = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*`;
// Every alternative that looks for an end takes the end of the file for one: else an open comment would be read to
// the end again and again.
const PATTERNS = {
  Python: String.raw`(?<space>\s+|#[^\n]*|\\\n)|"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|${STRING}|(?<word>${WORD})|[\-+*\/%@&\|\^=<>!]=?|[^]`,
  JavaScript: String.raw`(?<space>\s+|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|${STRING}|\x60[^\x60\\]*(?:\\[^][^\x60\\]*)*\x60?|(?<word>${WORD})|=>|\.\.\.|[=!<>]=+|&&|\|\||\?\?|\?\.|[^]`,
};

/** A regular expression: may hold quotes, which would be taken for the beginning of a string. */
const REGEXP = /\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
/** After these, a slash divides nothing. */
const BEFORE_REGEXP = /^(?:[(,=:[!&|?{};]|&&|\|\||\?\?|=>|return|case)$/;

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
    const pattern = new RegExp(isPython ? PATTERNS.Python : PATTERNS.JavaScript, 'uy');
    const tokens: Tokens = { ids: [], lines: [] };
    const imports = new ImportSkipper(isPython);
    let line = 1;
    let previous = '';
    for (let at = 0; at < text.length;) {
      const [token, isSpace] = this.next(text, at, pattern, !isPython, previous);
      at += token.length;
      if (!isSpace) {
        const skip = imports.takes(token, line);
        if (skip === 'first') {
          tokens.ids.push(this.border());
          tokens.lines.push(line);
        } else if (skip === null) {
          tokens.ids.push(this.intern(token));
          tokens.lines.push(line);
        }
        previous = token;
      }
      line += newlinesIn(token);
    }
    return tokens;
  }

  private next(
    text: string,
    at: number,
    pattern: RegExp,
    hasRegExps: boolean,
    previous: string,
  ): [token: string, isSpace: boolean] {
    if (hasRegExps && text[at] === '/' && (previous === '' || BEFORE_REGEXP.test(previous))) {
      REGEXP.lastIndex = at;
      const [regExp] = REGEXP.exec(text) ?? [];
      if (regExp !== undefined) {
        return [regExp, false];
      }
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    return [match?.[0] ?? text.charAt(at), match?.groups?.['space'] !== undefined];
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
