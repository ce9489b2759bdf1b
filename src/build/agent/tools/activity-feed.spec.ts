import { jest } from '@jest/globals';
import { ActivityFeed } from './activity-feed.js';
import type { ToolActivity } from './workspace-toolbox.js';

function call(file: string): ToolActivity {
  return { tool: 'write_file', file, outcome: 'done' };
}

describe(ActivityFeed.name, () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('sends two events a second at most, and loses no call', async () => {
    const sent: string[][] = [];
    const feed = new ActivityFeed((calls) => {
      sent.push(calls.map(({ file }) => file ?? ''));
      return Promise.resolve();
    });
    for (let index = 0; index < 12; index += 1) {
      await feed.add(call(`${index}`));
      await jest.advanceTimersByTimeAsync(100);
    }
    await feed.flush();
    await feed.flush();

    expect(sent).toEqual([['0'], ['1', '2', '3', '4'], ['5', '6', '7', '8', '9'], ['10', '11']]);
  });
});
