/** Real code to analyse, of this machine: our own sources, and packages that are installed anyway. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** In the order in which they are taken until there is enough. */
const PLACES = {
  TypeScript: [[join(root, 'src'), 'web', /(?<!\.spec)\.ts$/]],
  JavaScript: ['eslint/lib', 'typeorm', 'bull/lib', 'pg/lib'].map((name) => [
    join(root, 'node_modules', name),
    `tools/${name}`,
    /\.js$/,
  ]),
  Python: sitePackages().map((folder) => [folder, 'service', /\.py$/]),
};

/** @returns path -> text of about `lines` lines that are not blank, of each language as many as asked for */
export function collect(lines) {
  const files = {};
  const counts = {};
  for (const [language, wanted] of Object.entries(lines)) {
    counts[language] = 0;
    for (const [path, text] of filesOf(PLACES[language])) {
      if (counts[language] >= wanted) {
        break;
      }
      files[path] = text;
      counts[language] += text.match(/^.*\S.*$/gm)?.length ?? 0;
    }
  }
  return { files, counts };
}

function* filesOf(places) {
  for (const [folder, prefix, pattern] of places) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names.filter((path) => pattern.test(path) && !/node_modules/.test(path))) {
      yield [`${prefix}/${name}`, readFileSync(join(folder, name), 'utf8')];
    }
  }
}

/** Of the newest Python toolchain; none where none was made yet. */
function sitePackages() {
  const folder = process.env.TOOLCHAIN_DIR ?? join(root, '.data', 'toolchains');
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .flatMap((name) => {
      const lib = join(folder, name, 'lib');
      return existsSync(lib)
        ? readdirSync(lib).map((version) => join(lib, version, 'site-packages'))
        : [];
    })
    .filter((path) => existsSync(path))
    .slice(-1);
}
