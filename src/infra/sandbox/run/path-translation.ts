import type { SandboxMount } from '../sandbox.js';

/**
 * Lets callers name the same paths in every sandbox: where nothing can be mounted, the paths inside become those on the
 * host in arguments and environment, and the other way round in what comes out.
 *
 * A path inside counts where it begins a word or follows a separator (`PATH=/venv/bin:…`, `--config=/tool/x`,
 * `open("/tool/x")`, `file:///tool/x`), not within a longer path. The content of files is left as it is.
 */
export class PathTranslation {
  constructor(private readonly mounts: readonly SandboxMount[]) {}

  toHost(text: string): string {
    return replacePaths(text, new Map(this.mounts.map(({ host, inside }) => [inside, host])));
  }

  toInside(output: Buffer): Buffer {
    // latin1 keeps every byte, whatever the encoding; so the paths are compared as bytes too.
    const bytes = (path: string): string => Buffer.from(path).toString('latin1');
    const paths = new Map(this.mounts.map(({ host, inside }) => [bytes(host), bytes(inside)]));
    return Buffer.from(replacePaths(output.toString('latin1'), paths), 'latin1');
  }
}

/** In one pass, longest first, so that no replacement is replaced again. */
function replacePaths(text: string, replacements: ReadonlyMap<string, string>): string {
  const alternatives = [...replacements.keys()]
    .sort((a, b) => b.length - a.length)
    .map((path) => path.replace(/[^\w/]/g, '\\$&'))
    .join('|');
  const pattern = new RegExp(`(?<=^|[^\\w./-]|file://)(?:${alternatives})(?![\\w.-])`, 'gm');
  return text.replace(pattern, (path) => replacements.get(path) ?? path);
}
