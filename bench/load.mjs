/** HTTP load, from a process of its own: a generator that shares the measurer's event loop measures itself. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CONNECTIONS = 20;
const WARM_UP_SECONDS = 1;
const SECONDS = 3;

/** The product and the bare server under the same requests, by turns, so that a noisy neighbour meets both. */
export async function loadSideBySide(product, bare, requests) {
  await load(product, requests, WARM_UP_SECONDS);
  const before = await load(bare, requests, SECONDS / 2);
  const result = await load(product, requests, SECONDS);
  const after = await load(bare, requests, SECONDS / 2);
  const mean = (figure) => (before[figure] + after[figure]) / 2;
  return {
    ...result,
    ofBare: result.perSecond / mean('perSecond'),
    bareCpuMicros: mean('cpuMicros'),
  };
}

async function load(server, requests, seconds) {
  const child = fork(fileURLToPath(new URL('load-worker.mjs', import.meta.url)));
  const cpuBefore = await server.cpuMs();
  child.send({ url: server.url, requests, duration: seconds, connections: CONNECTIONS });
  const [{ answers, failed, ...figures }] = await once(child, 'message');
  if (failed > 0 || answers === 0) {
    throw new Error(`${failed} of the answers of ${requests[0].path} were no success`);
  }
  return { ...figures, cpuMicros: (((await server.cpuMs()) - cpuBefore) * 1000) / answers };
}
