/** A jest reporter that hands the counts to `scripts/test.mjs`, its parent process. */
import process from 'node:process';

const TIERS = { redis: /redis|bull/i, bubblewrap: /bubblewrap|bwrap/i };

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults
        .filter(({ status }) => status === 'pending')
        .map(({ fullName }) => `${file.testFilePath} ${fullName}`),
    );
    process.send?.({
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
      unloadable: results.numRuntimeErrorTestSuites,
      redis: skipped.filter((name) => TIERS.redis.test(name)).length,
      bubblewrap: skipped.filter((name) => TIERS.bubblewrap.test(name)).length,
    });
  }
}
