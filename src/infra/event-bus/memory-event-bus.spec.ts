import { Logger } from '@nestjs/common';
import { describeEventBus } from './describe-event-bus.contract.js';
import { MemoryEventBus } from './memory-event-bus.js';

beforeAll(() => Logger.overrideLogger(false));

describeEventBus(MemoryEventBus.name, () => {
  const bus = new MemoryEventBus();
  return Promise.resolve({ here: bus, there: bus });
});
