/** Of the statements that people write, the longest have some dozens. */
const SURELY_TOO_MANY = 500;
const STEP = /[-+*/%&|^@.([{]|\b(?:and|or|not|if|else|lambda|await)\b/g;
const CONTINUED = /\\\s*$/;

/**
 * The files of Python that an engine most likely broke on: those with the statements of the most steps, each of which
 * engines follow by a call in a call. Without such, the one that comes closest.
 */
export function suspectsOf(files: ReadonlyMap<string, Buffer>): string[] {
  const steps = [...files].map(
    ([path, content]) => [path, mostSteps(content.toString('utf8'))] as const,
  );
  const sure = steps.filter(([, count]) => count >= SURELY_TOO_MANY);
  const most = steps.reduce((worst, each) => (each[1] > worst[1] ? each : worst), ['', -1]);
  return (sure.length > 0 ? sure : [most]).map(([path]) => path).filter((path) => path !== '');
}

/** Of one statement; a chain of `elif` is one in the `else` of another. */
function mostSteps(text: string): number {
  let most = 0;
  let steps = 0;
  let open = 0;
  let isContinued = false;
  let chain = 0;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(["'])(?:\\.|(?!\1)[^\\])*\1|#.*/g, '');
    if (open <= 0 && !isContinued) {
      steps = 0;
    }
    steps += line.match(STEP)?.length ?? 0;
    open = Math.max(0, open + countOf(line, /[([{]/g) - countOf(line, /[)\]}]/g));
    isContinued = CONTINUED.test(line);
    chain = /^\s*elif\b/.test(line) ? chain + 1 : /^\s*(?:def|class)\b/.test(line) ? 0 : chain;
    most = Math.max(most, steps, chain);
  }
  return most;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
