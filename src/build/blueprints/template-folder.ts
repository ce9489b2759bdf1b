import { readdirSync, readFileSync } from 'node:fs';
import { Eta } from 'eta';
import { codeOf } from '../../common/error-code.js';

/** A file of a `templates` folder. */
export interface Template {
  /** Path in the project, or name of the insertion point. */
  name: string;
  /** The same text whatever the values. */
  isStatic: boolean;
  /** `null`: with these values there is no such file. */
  render(values: Record<string, unknown>): string | null;
}

// What a template writes is code, never HTML; a tag that stands on its own line ends with `-%>`.
const eta = new Eta({ autoEscape: false, autoTrim: false });

const cache = new Map<string, readonly Template[]>();

/** All templates under a folder, sorted by name; read once a process. A folder that isn't there has none. */
export function readTemplates(folder: URL): readonly Template[] {
  let templates = cache.get(folder.href);
  if (!templates) {
    templates = listFiles(folder)
      .map((path) => compile(path, readFileSync(new URL(path, folder), 'utf8')))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    cache.set(folder.href, templates);
  }
  return templates;
}

function compile(path: string, text: string): Template {
  // Real dot files would be passed over by the build's copy and would act on this repository.
  const name = path.replace(/\.eta$/, '').replace(/(^|\/)dot-/g, '$1.');
  if (!path.endsWith('.eta')) {
    return { name, isStatic: true, render: () => text };
  }
  const template = eta.compile(text);
  return { name, isStatic: false, render: (values) => eta.render(template, values) || null };
}

function listFiles(folder: URL, prefix = ''): string[] {
  let entries;
  try {
    entries = readdirSync(new URL(prefix, folder), { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
  return entries.flatMap((entry) =>
    entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [prefix + entry.name],
  );
}
