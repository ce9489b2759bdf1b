import { readFileSync } from 'node:fs';
import { z } from 'zod';

const PINS = new URL('../../../toolchains/templates/node/package.json', import.meta.url);

const pinsSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  overrides: z.record(z.string(), z.string()),
});

export type PackagePins = z.infer<typeof pinsSchema>;

let pins: PackagePins | undefined;

/** Every package of the Node toolchain, name -> exact version; read once a process. */
export function packagePins(): PackagePins {
  pins ??= pinsSchema.parse(JSON.parse(readFileSync(PINS, 'utf8')));
  return pins;
}

/**
 * Names -> exact versions, sorted, as `package.json` lists them.
 *
 * Generated projects and the toolchain that verifies them read the same list, so that what was verified is what
 * gets installed.
 * @throws when the list doesn't name a package.
 */
export function pinPackages(names: readonly string[]): Record<string, string> {
  const { dependencies } = packagePins();
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => {
      const version = dependencies[name];
      if (version === undefined) {
        throw new Error(`The Node toolchain has no version of ${name}`);
      }
      return [name, version];
    }),
  );
}
