import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { AnalyzerUnavailable } from '../analyzer.js';
import { codeHash } from './code-hash.js';

const require = createRequire(import.meta.url);
const manifest = z.object({ version: z.string() });

/**
 * Such as `1.94.0+5f3a91c2`: of a package, and of our own code around it.
 *
 * @param folders As `codeHash` takes them.
 * @throws AnalyzerUnavailable where the package is not installed.
 */
export async function engineVersion(
  packageName: string,
  ...folders: readonly string[]
): Promise<string> {
  let path: string;
  try {
    path = require.resolve(`${packageName}/package.json`);
  } catch (error) {
    throw new AnalyzerUnavailable(`The package ${packageName} is not installed: run npm ci`, {
      cause: error,
    });
  }
  const { version } = manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  return `${version}+${await codeHash(...folders)}`;
}
