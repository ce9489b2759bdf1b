import { Logger } from '@nestjs/common';
import { build, describeTaskQueue, Seen } from './describe-task-queue.contract.js';
import { MemoryTaskQueue } from './memory-task-queue.js';

beforeAll(() => Logger.overrideLogger(false));

describeTaskQueue(MemoryTaskQueue.name, () => Promise.resolve(new MemoryTaskQueue()));

describe(MemoryTaskQueue.name, () => {
  it('holds a task that waits only once, at its first place', async () => {
    const queue = new MemoryTaskQueue();
    const seen = new Seen(3);
    for (const id of ['a', 'b', 'a', 'a']) {
      await queue.enqueue(build(id));
    }
    await queue.enqueue({ kind: 'analysis', taskId: 'a' });

    await queue.consume(1, (delivery) => seen.add(delivery));
    await seen.all;
    await queue.close();

    expect(seen.deliveries).toEqual([build('a'), build('b'), { kind: 'analysis', taskId: 'a' }]);
  });
});
