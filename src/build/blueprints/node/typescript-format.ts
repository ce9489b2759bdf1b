import { createRequire } from 'node:module';
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from 'node:worker_threads';

/** As the generated `.prettierrc.json` has it. */
const OPTIONS = { parser: 'babel-ts', printWidth: 100, singleQuote: true };

/** Files that one resource, or all of them, are written into. */
const OF_RESOURCES = /(^|\/)resources\/.+\.ts$/;
const NAMES_RESOURCES = /'\.{1,2}\/resources\//;
/** Lists the paths of all resources. */
const CALLERS = 'test/callers.ts';

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

/**
 * Lays out a TypeScript file, whatever the length of the names in it.
 *
 * The formatter of the checks itself: a template can't know where a line has to break. It only works asynchronously,
 * so that it runs in a thread of its own, for which this one waits.
 */
export function formatTypescript(path: string, text: string): string {
  if (!path.endsWith('.ts') || !dependsOnNames(path, text)) {
    return text;
  }
  port ??= startWorker();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  port.postMessage({ text, options: OPTIONS, flag });
  Atomics.wait(flag, 0, 0, 20_000);
  const answer = receiveMessageOnPort(port)?.message as Answer | undefined;
  if (answer?.text === undefined) {
    throw new Error(`${path} could not be laid out: ${answer?.problem ?? 'no answer'}`);
  }
  return answer.text;
}

/** All other files lie in the folder as they should be, and laying them out again would only take time. */
function dependsOnNames(path: string, text: string): boolean {
  return (
    OF_RESOURCES.test(path) ||
    path === CALLERS ||
    NAMES_RESOURCES.test(text) ||
    text.split('\n').some((line) => line.length > OPTIONS.printWidth)
  );
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
