import { tmpdir } from 'node:os';
import { npmCacheArguments } from './npm-cache.js';

describe(npmCacheArguments.name, () => {
  it('leaves npm its own cache where there is a home to keep it in, or a choice', async () => {
    expect(await npmCacheArguments('/draft/cache', {}, tmpdir())).toEqual([]);
    expect(await npmCacheArguments('/draft/cache', { NPM_CONFIG_CACHE: '/c' }, '/proc')).toEqual(
      [],
    );
  });

  it('gives it a folder where the home is not there or can not be written', async () => {
    expect(await npmCacheArguments('/draft/cache', {}, '/proc/no/home')).toEqual([
      '--cache=/draft/cache',
    ]);
  });
});
