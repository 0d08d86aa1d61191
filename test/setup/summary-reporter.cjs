// eslint-disable-next-line @typescript-eslint/no-require-imports -- a reporter is loaded by require
const { writeFileSync } = require('node:fs');

/**
 * Writes the runner's own counts and the reason of each skip to the file that KEPLER_TEST_REPORT names; nothing without it.
 * `.ci/run` prints its last line from them. A suite that could not even start counts as one failure.
 */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.KEPLER_TEST_REPORT;
    if (!file) return;
    const skipped = results.testResults.flatMap((suite) =>
      suite.testResults
        .filter((test) => test.status === 'pending' || test.status === 'todo')
        .map((test) => ({ file: suite.testFilePath, name: test.fullName })),
    );
    writeFileSync(
      file,
      JSON.stringify({
        passed: results.numPassedTests,
        failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
        skipped,
        files: results.testResults.map((suite) => suite.testFilePath),
      }),
    );
  }
};
