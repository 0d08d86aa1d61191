// eslint-disable-next-line @typescript-eslint/no-require-imports -- a reporter is loaded by require
const { writeFileSync } = require('node:fs');

/**
 * Writes the runner's own counts of each file and the reason of each skip to the file that KEPLER_TEST_REPORT names; nothing
 * without it. `.ci/run` prints its last line from them. A suite that could not even start counts as one failure.
 */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const report = process.env.KEPLER_TEST_REPORT;
    if (!report) return;
    const suites = results.testResults.map((suite) => {
      const of = (...statuses) => suite.testResults.filter(({ status }) => statuses.includes(status));
      const failed = of('failed').map(({ fullName }) => fullName);
      return {
        file: suite.testFilePath,
        passed: of('passed').length,
        failed: suite.testExecError && failed.length === 0 ? ['(the file itself)'] : failed,
        skipped: of('pending', 'todo').map(({ fullName }) => fullName),
      };
    });
    writeFileSync(report, JSON.stringify(suites));
  }
};
