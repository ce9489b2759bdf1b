/** A client of a task's stream. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Resolves when the server has said `connected`; whatever else comes first rejects. */
export async function watch(url, { authorization }, taskId) {
  const token = authorization.replace('Bearer ', '');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws/build/${taskId}`, [
    'bearer',
    token,
  ]);
  const refused = once(socket, 'close').then(([code, reason]) => {
    throw new Error(`The stream was refused with ${code} ${reason}`);
  });
  // Also when the stream ends later on, as it should.
  refused.catch(() => undefined);
  await Promise.race([once(socket, 'message'), refused]);
  return socket;
}
