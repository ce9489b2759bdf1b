import { createRequire } from 'node:module';
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from 'node:worker_threads';
import { keepFormats } from '../keep-formats.js';

/** As the generated `.prettierrc.json` has it. */
const OPTIONS = { parser: 'babel-ts', printWidth: 100, singleQuote: true };

const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const [standalone, ...plugins] = workerData.modules.map((path) => require(path));
workerData.port.on('message', async ({ text, options, flag }) => {
  let answer;
  try {
    answer = { text: await standalone.format(text, { ...options, plugins }) };
  } catch (error) {
    answer = { problem: String(error) };
  }
  workerData.port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
`;

interface Answer {
  text?: string;
  problem?: string;
}

let port: MessagePort | undefined;
const layOutOnce = keepFormats(layOut);

/**
 * Lays out a TypeScript file, whatever the length of the names in it.
 *
 * Templates are written so that what fits the line width is laid out already, which `typescript-format.spec.ts`
 * proves: only files with a longer line need the formatter.
 */
export function formatTypescript(path: string, text: string): string {
  return path.endsWith('.ts') && hasLongLine(text) ? layOutOnce(path, text) : text;
}

/**
 * Lays out any TypeScript with the formatter of the checks, which only works asynchronously: it runs in a thread of its
 * own, for which this one waits.
 *
 * @param limitMs How long it waits for the thread.
 * @throws where the text can't be parsed, or the thread doesn't answer in time
 */
export function layOut(path: string, text: string, limitMs = 20_000): string {
  port ??= startWorker();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  port.postMessage({ text, options: OPTIONS, flag });
  Atomics.wait(flag, 0, 0, limitMs);
  const answer = receiveMessageOnPort(port)?.message as Answer | undefined;
  if (!answer) {
    // Its answer would come late, and be taken for that to the next file.
    port.close();
    port = undefined;
  }
  if (answer?.text === undefined) {
    throw new Error(`${path} could not be laid out: ${answer?.problem ?? 'no answer'}`);
  }
  return answer.text;
}

/** Starts the thread and what it loads, without waiting for it. */
export function startFormatter(): void {
  port ??= startWorker();
}

function hasLongLine(text: string): boolean {
  return text.split('\n').some((line) => line.length > OPTIONS.printWidth);
}

function startWorker(): MessagePort {
  const { resolve } = createRequire(import.meta.url);
  const modules = ['prettier/standalone', 'prettier/plugins/babel', 'prettier/plugins/estree'];
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(WORKER, {
    eval: true,
    workerData: { modules: modules.map((name) => resolve(name)), port: port2 },
    transferList: [port2],
  });
  // Neither may keep the process alive.
  worker.unref();
  port1.unref();
  return port1;
}
