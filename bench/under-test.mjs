/** The product in a process of its own: the whole server, and on demand a burst of a task's events through its kernel. */
import process from 'node:process';
import { startServer } from '../dist/src/server.js';
import { TaskPublisher } from '../dist/src/tasks/task-publisher.js';
import { TaskStore } from '../dist/src/tasks/task-store.js';

const server = await startServer(process.env);
const store = server.app.get(TaskStore, { strict: false });
const publisher = server.app.get(TaskPublisher, { strict: false });

process.on('message', (message) => {
  if (message === 'cpu') {
    process.send(process.cpuUsage());
  } else {
    void burst(message.taskId, message.count);
  }
});
// Also when the measurer is gone: nobody else would end it.
for (const end of ['SIGTERM', 'disconnect']) {
  process.once(end, () => void server.stop().then(() => process.exit(0)));
}
process.send({ url: server.url });

/** As a worker reports its steps: one commit each, published after it. */
async function burst(taskId, count) {
  const lease = { taskId, generation: 1 };
  for (let step = 1; step <= count; step += 1) {
    publisher.publish(await store.progress(lease, 50, { current_step: `Step ${step}` }));
  }
}
