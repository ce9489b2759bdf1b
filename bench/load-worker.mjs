/** One run of autocannon; its parent sends the options and gets the figures. */
import process from 'node:process';
import autocannon from 'autocannon';

process.once('message', async ({ requests, ...options }) => {
  let next = 0;
  const result = await autocannon({
    ...options,
    // Every connection begins elsewhere in the list: else all would ask for the same thing at the same time.
    setupClient: (client) => {
      const first = next++ % requests.length;
      client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
    },
  });
  process.send({
    answers: result['2xx'],
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  });
  process.disconnect();
});
