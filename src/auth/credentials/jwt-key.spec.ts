import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartupError } from '../../common/startup-error.js';
import { loadConfig } from '../../config/load-config.js';
import { loadJwtKey } from './jwt-key.js';

describe(loadJwtKey.name, () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'jwt-key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (env: Record<string, string> = {}) =>
    (await loadJwtKey(loadConfig({ DATA_DIR: join(folder, 'data'), ...env }))).export();

  it('is the setting where there is one, and writes nothing then', async () => {
    const secret = 'x'.repeat(32);
    expect((await load({ JWT_SECRET: secret })).toString()).toBe(secret);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is generated once, for its owner only, the same for all who start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => load()));
    const later = await load();
    expect(keys.every((key) => key.equals(later))).toBe(true);
    expect(later.length).toBe(64);
    expect(await readdir(join(folder, 'data'))).toEqual(['jwt-secret']);
    expect((await stat(join(folder, 'data/jwt-secret'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a key that is too short, and a folder that is none', async () => {
    await writeFile(join(folder, 'jwt-secret'), 'short\n');
    await expect(load({ DATA_DIR: folder })).rejects.toThrow(StartupError);
    await expect(load({ DATA_DIR: join(folder, 'jwt-secret') })).rejects.toThrow(
      /^DATA_DIR must be writable/,
    );
  });
});
