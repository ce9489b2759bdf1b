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

/** A piece of a text. */
export interface Token {
  token: string;
  at: number;
  /** White space or a comment. */
  isSpace: boolean;
}

/** All of a text of Python, JavaScript or TypeScript, piece by piece. What is no code is cut somehow. */
export function* tokensOf(text: string, isPython: boolean): Generator<Token> {
  const pattern = new RegExp(isPython ? PATTERNS.Python : PATTERNS.JavaScript, 'uy');
  let previous = '';
  for (let at = 0; at < text.length;) {
    const regExp = isPython ? null : regExpAt(text, at, previous);
    pattern.lastIndex = at;
    const match = regExp === null ? pattern.exec(text) : null;
    const token = regExp ?? match?.[0] ?? text.charAt(at);
    const isSpace = match?.groups?.['space'] !== undefined;
    yield { token, at, isSpace };
    previous = isSpace ? previous : token;
    at += token.length;
  }
}

/** Which characters of a text stand in comments: 1. */
export function commentsIn(text: string, isPython: boolean): Uint8Array {
  const comments = new Uint8Array(text.length);
  for (const { token, at, isSpace } of tokensOf(text, isPython)) {
    if (isSpace && COMMENT.test(token)) {
      comments.fill(1, at, at + token.length);
    }
  }
  return comments;
}

const COMMENT = /^(?:#|\/[/*])/;

function regExpAt(text: string, at: number, previous: string): string | null {
  if (text[at] !== '/' || !(previous === '' || BEFORE_REGEXP.test(previous))) {
    return null;
  }
  REGEXP.lastIndex = at;
  return REGEXP.exec(text)?.[0] ?? null;
}
