/** A jest reporter that hands the counts to `scripts/test.mjs`, its parent process. */
import process from 'node:process';

const TIERS = {
  redis: /redis|bull/i,
  bubblewrap: /bubblewrap|bwrap/i,
  faketime: /faketime/,
  tmpfs: /tmpfs/,
};

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
      ...Object.fromEntries(
        Object.entries(TIERS).map(([tier, pattern]) => [
          tier,
          skipped.filter((name) => pattern.test(name)).length,
        ]),
      ),
    });
  }
}
