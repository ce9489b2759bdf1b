import { readFileSync } from 'node:fs';

const PINNED_PYTHON = new URL(
  '../../toolchains/templates/python-requirements.txt',
  import.meta.url,
);

let python: ReadonlyMap<string, string> | undefined;

/**
 * A requirement with the version that the Python toolchain has, `fastapi` -> `fastapi==1.2.3`; extras are kept.
 *
 * Generated projects and the toolchain that verifies them read the same list, so that what was verified is what
 * gets installed.
 * @throws when the list doesn't name the package.
 */
export function pinPython(requirement: string): string {
  const version = pinnedPython().get(requirement.replace(/\[.*/, '').toLowerCase());
  if (!version) {
    throw new Error(`python-requirements.txt has no version of ${requirement}`);
  }
  return `${requirement}==${version}`;
}

/** Name in lower case -> exact version. */
export function pinnedPython(): ReadonlyMap<string, string> {
  python ??= new Map(
    readFileSync(PINNED_PYTHON, 'utf8')
      .split('\n')
      .map((line) => /^([\w.-]+)(?:\[.*\])?==([^\s;]+)/.exec(line))
      .filter((match) => match !== null)
      .map(([, name = '', version = '']) => [name.toLowerCase(), version]),
  );
  return python;
}
