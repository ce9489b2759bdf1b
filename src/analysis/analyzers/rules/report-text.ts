/** Names and literals of hostile code reach an engine's messages at any length. */
const MAX_TEXT = 300;
const WORKSPACE = '/workspace/';

export function shortened(text: string): string {
  if (text.length <= MAX_TEXT) {
    return text;
  }
  // Never half a character: it could not be stored.
  return `${text.slice(0, MAX_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `unused-import` -> `Unused import` */
export function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A path of the project, from the one that a sandboxed command reports. */
export function pathInside(path: string): string {
  return path.startsWith(WORKSPACE) ? path.slice(WORKSPACE.length) : path.replace(/^\.\//, '');
}

/** The complete lines of output that may have been cut off in the last one. */
export function completeLines(output: Buffer, isCut: boolean): string[] {
  const lines = output.toString('utf8').split('\n');
  return (isCut ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== '');
}
