/** One task, many watchers: how fast a burst of events reaches all of them. */
import { performance } from 'node:perf_hooks';
import { watch } from './watch.mjs';

const CLIENTS = 200;
const EVENTS = 100;
const LIMIT_MS = 30_000;

export async function measureFanOut(product, headers, taskId) {
  const connecting = Array.from({ length: CLIENTS }, () => watch(product.url, headers, taskId));
  const sockets = await Promise.all(connecting);
  try {
    const latencies = [];
    const everybody = Promise.all(sockets.map((socket) => receive(socket, latencies)));
    const startedAt = performance.now();
    product.burst(taskId, EVENTS);
    await everybody;
    const seconds = (performance.now() - startedAt) / 1000;
    latencies.sort((a, b) => a - b);
    return {
      clients: CLIENTS,
      events: EVENTS,
      perSecond: (CLIENTS * EVENTS) / seconds,
      p50Ms: latencies[Math.floor(latencies.length * 0.5)],
      p99Ms: latencies[Math.floor(latencies.length * 0.99)],
    };
  } finally {
    sockets.forEach((socket) => socket.terminate());
  }
}

/** Resolves with the last event; a gap or a close rejects. The latency counts from the event's commit. */
function receive(socket, latencies) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('The events took too long')), LIMIT_MS);
    let seq = 0;
    socket.on('close', (code) => reject(new Error(`A watcher was closed with ${code}`)));
    socket.on('message', (data) => {
      const event = JSON.parse(data);
      latencies.push(Date.now() - Date.parse(event.timestamp));
      if (event.seq !== (seq += 1)) {
        reject(new Error(`Event ${event.seq} came where ${seq} was due`));
      }
      if (seq === EVENTS) {
        clearTimeout(limit);
        resolve();
      }
    });
  });
}
