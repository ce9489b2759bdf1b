import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskProblem } from './disk.indicator.js';

describe(diskProblem.name, () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goalsmith-disk-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('finds none in a writable folder with room', async () => {
    expect(await diskProblem(folder, 1)).toBeNull();
  });

  it('wants room', async () => {
    const tooMuch = 1024 ** 2 * 10 ** 9;
    expect(await diskProblem(folder, tooMuch)).toBe('less than 1000000000 MiB free in DATA_DIR');
  });

  it('refuses a folder that is not there, without its path', async () => {
    expect(await diskProblem(join(folder, 'no'), 1)).toBe('DATA_DIR is not writable');
  });

  it('refuses a file', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await diskProblem(join(folder, 'file'), 1)).toBe('DATA_DIR is not writable');
  });
});
