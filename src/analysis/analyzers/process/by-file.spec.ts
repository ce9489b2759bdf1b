import { once } from 'node:events';
import type { SandboxResult } from '../../../infra/sandbox/sandbox.js';
import { AnalyzerFailed, AnalyzerUnavailable } from '../analyzer.js';
import { runByFile, type ByFileOptions, type RunProcess } from './by-file.js';
import { AROUND_FILE, READY, SOURCES_FILE } from './program-channel.js';

const ENDED: SandboxResult = {
  exitCode: 0,
  signal: null,
  stopped: null,
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  report: Buffer.alloc(0),
  outputTruncated: false,
  reportTruncated: false,
  durationMs: 1,
};

/** What a file's text makes the process do in place of an answer. */
type Misdeed = (signal: AbortSignal) => Promise<SandboxResult>;
const crash: Misdeed = () => Promise.resolve({ ...ENDED, exitCode: null, signal: 'SIGSEGV' });
const overeat: Misdeed = () => Promise.reject(new AnalyzerFailed('Ended at its memory limit'));
const hang: Misdeed = async (signal) => {
  await once(signal, 'abort');
  throw signal.reason as Error;
};

interface Options extends Partial<ByFileOptions> {
  files: Record<string, string>;
  misdeeds?: Record<string, Misdeed>;
  begin?: Misdeed;
  signal?: AbortSignal;
}

/** Answers each file by its text as the reason for skipping it: all that the tests need to tell them apart. */
async function runOver({ files, misdeeds = {}, begin, signal, ...options }: Options) {
  const runs: string[][] = [];
  const done: number[] = [];
  const start: RunProcess = async (command, runSignal) => {
    const given = JSON.parse(command.files.get(SOURCES_FILE)?.toString('utf8') ?? '[]') as [
      string,
      string,
    ][];
    runs.push(given.map(([path]) => path));
    if (begin) {
      return begin(runSignal);
    }
    const say = (value: unknown) => {
      const line = Buffer.from(`${JSON.stringify(value)}\n`);
      // In two pieces, as a pipe may.
      command.onReport?.(line.subarray(0, 2));
      command.onReport?.(line.subarray(2));
    };
    say(READY);
    for (const [, text] of given) {
      const misdeed = misdeeds[text];
      if (misdeed) {
        return misdeed(runSignal);
      }
      say({ findings: [], skipped: text });
    }
    return ENDED;
  };
  const report = await runByFile(
    start,
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    {
      signal: signal ?? new AbortController().signal,
      categories: ['quality'],
      say: () => Promise.resolve(),
      done: (count) => done.push(count),
    },
    {
      program: 'none.js',
      nodeOptions: [],
      timeLimitMs: 60_000,
      memoryBytes: 1,
      bytesPerProcess: 1_000,
      ...options,
    },
  );
  const answers = Object.fromEntries(report.skipped.map(({ file, reason }) => [file, reason]));
  return { ...report, answers, runs, done };
}

describe(runByFile, () => {
  it('gives the answers of one process', async () => {
    const { answers, reason, runs, done } = await runOver({ files: { a: 'é', b: '2', c: '3' } });
    expect(answers).toEqual({ a: 'é', b: '2', c: '3' });
    expect({ reason, runs, done }).toEqual({
      reason: null,
      runs: [['a', 'b', 'c']],
      done: [1, 2, 3],
    });
  });

  it('hands over what the answers depend on, and nothing else', async () => {
    const given: unknown[] = [];
    const start: RunProcess = (command) => {
      given.push(JSON.parse(command.files.get(AROUND_FILE)?.toString('utf8') ?? 'null'));
      command.onReport?.(Buffer.from(`${JSON.stringify(READY)}\n`));
      command.onReport?.(Buffer.from('{"findings":[],"skipped":null}\n'));
      return Promise.resolve(ENDED);
    };
    const texts = (...paths: string[]) => new Map(paths.map((path) => [path, Buffer.from(path)]));
    await runByFile(
      start,
      texts('a'),
      {
        signal: new AbortController().signal,
        categories: [],
        say: () => Promise.resolve(),
        done: () => undefined,
        tree: texts('a', 'b', 'c'),
      },
      {
        program: 'none.js',
        nodeOptions: [],
        timeLimitMs: 60_000,
        memoryBytes: 1,
        bytesPerProcess: 1_000,
        dependencies: () => ['b'],
      },
    );
    expect(given).toEqual([{ texts: [['b', 'b']], dependencies: [['a', ['b']]] }]);
  });

  it('shares more between two, and keeps each file’s own answer', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}`, `${i}`.repeat(200)]),
    );
    const { answers, runs, done } = await runOver({ files });
    expect(answers).toEqual(files);
    expect(runs.flat()).toHaveLength(20);
    expect(runs.length).toBeLessThanOrEqual(2);
    expect(done.at(-1)).toBe(20);
  });

  it.each([
    ['breaks it', crash, 'The engine broke on it'],
    ['passes a limit', overeat, 'Ended at its memory limit'],
    ['hangs it', hang, 'The engine hung on it'],
  ])('leaves out a file that %s', async (_, misdeed, why) => {
    const { answers, reason, runs, done } = await runOver({
      files: { a: '1', b: 'bad', c: '3' },
      misdeeds: { bad: misdeed },
      stalledAfterMs: 50,
    });
    expect(answers).toEqual({ a: '1', b: why, c: '3' });
    expect(runs).toEqual([['a', 'b', 'c'], ['c']]);
    expect(done.at(-1)).toBe(3);
    expect(reason).toBeNull();
  });

  it('blames nobody for lines that were lost on the way', async () => {
    let isFirst = true;
    const loseOnce: Misdeed = () => {
      const misdeed = isFirst ? Promise.resolve(ENDED) : crash(new AbortController().signal);
      isFirst = false;
      return misdeed;
    };
    const { runs } = await runOver({ files: { a: '1', b: 'lost' }, misdeeds: { lost: loseOnce } });
    expect(runs).toEqual([['a', 'b'], ['b']]);
  });

  it('gives up on a tree that does nothing but break it', async () => {
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}`, 'bad']));
    const { answers, reason, runs } = await runOver({ files, misdeeds: { bad: crash } });
    expect(Object.keys(answers)).toHaveLength(100);
    expect(reason).toBe('It broke on too many files');
    expect(runs.length).toBeLessThanOrEqual(40);
  });

  it('fails where the program does not start', async () => {
    const begin: Misdeed = () =>
      Promise.resolve({ ...ENDED, exitCode: 1, stderr: Buffer.from('Cannot find module') });
    await expect(runOver({ files: { a: '1' }, begin })).rejects.toThrow(
      new AnalyzerFailed('ended with 1: Cannot find module'),
    );
  });

  it('passes on that it can not run here', async () => {
    const begin: Misdeed = () => Promise.reject(new AnalyzerUnavailable('no sandbox'));
    await expect(runOver({ files: { a: '1' }, begin })).rejects.toThrow('no sandbox');
  });

  it('ends at a cancel, with its reason', async () => {
    const cancel = new AbortController();
    const run = runOver({
      files: { a: 'bad' },
      misdeeds: { bad: hang },
      signal: cancel.signal,
    });
    cancel.abort(new Error('cancelled'));
    await expect(run).rejects.toThrow('cancelled');
  });
});
