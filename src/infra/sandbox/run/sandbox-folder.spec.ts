import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { createSandbox } from '../create-sandbox.js';
import { makeSandboxFolder, removeLeftFolders } from './sandbox-folder.js';

describe('removeLeftFolders', () => {
  const made: string[] = [];
  let living: ChildProcess;

  beforeAll(async () => {
    living = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(living, 'spawn');
  });
  afterAll(async () => {
    living.kill('SIGKILL');
    await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
  });

  /** A folder as the process of that number would have made it. */
  async function folderOf(pid: number): Promise<string> {
    const own = await makeSandboxFolder();
    const name = basename(own).replace(`-${process.pid}-`, `-${pid}-`);
    const path = join(dirname(own), name);
    await rename(own, path);
    made.push(path);
    return path;
  }

  /** The number of a process that has just ended. */
  function deadPid(): number {
    return spawnSync('true').pid;
  }

  it('removes what a killed process left, whatever is in it, and ends what works there', async () => {
    const left = await folderOf(deadPid());
    await mkdir(join(left, 'workspace', 'deep'), { recursive: true });
    await writeFile(join(left, 'workspace', 'deep', 'file'), 'text');
    const orphan = spawn('sleep', ['600'], { cwd: join(left, 'workspace'), stdio: 'ignore' });
    const ended = once(orphan, 'exit');
    await once(orphan, 'spawn');
    expect(await removeLeftFolders()).toBeGreaterThanOrEqual(1);
    expect(existsSync(left)).toBe(false);
    if (process.platform === 'linux') {
      expect(await ended).toEqual([null, 'SIGKILL']);
    }
    orphan.kill('SIGKILL');
  });

  it('is done again and again, for processes that are killed later and not started again', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      await createSandbox('none', () => undefined);
      const left = await folderOf(deadPid());
      jest.advanceTimersByTime(10_000);
      while (existsSync(left)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves alone what belongs to a living process, itself included', async () => {
    const others = await folderOf(living.pid ?? 0);
    const own = await makeSandboxFolder();
    made.push(own);
    await removeLeftFolders();
    expect([others, own].map((path) => existsSync(path))).toEqual([true, true]);
  });

  it('removes what a process before it had under its own number, as in a container', async () => {
    const own = await makeSandboxFolder();
    made.push(own);
    await utimes(own, 1, 1);
    await removeLeftFolders();
    expect(existsSync(own)).toBe(false);
  });

  it('follows no link, and knows only folders with such a name', async () => {
    const target = await folderOf(living.pid ?? 0);
    const link = (await folderOf(deadPid())).replace(/.$/, '_');
    await symlink(target, link);
    const foreign = join(tmpdir(), `sandbox-of-somebody-${process.pid}`);
    await mkdir(foreign);
    made.push(link, foreign);
    await removeLeftFolders();
    expect([target, link, foreign].map((path) => existsSync(path))).toEqual([true, true, true]);
  });
});
