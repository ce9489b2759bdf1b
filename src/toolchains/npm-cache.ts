import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';

/**
 * The arguments that tell npm where to keep what it downloads: nothing where its own place can be written, else `folder`.
 * A container whose root file system is read-only has a home that nobody can write, and npm ends with EROFS there.
 */
export async function npmCacheArguments(
  folder: string,
  env: NodeJS.ProcessEnv,
  home = homedir(),
): Promise<string[]> {
  const isChosen = Object.keys(env).some((name) => name.toLowerCase() === 'npm_config_cache');
  const isWritable = await access(home, constants.W_OK).then(
    () => true,
    () => false,
  );
  return isChosen || isWritable ? [] : [`--cache=${folder}`];
}
