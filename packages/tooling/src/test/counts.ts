/** How many tests ended how. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
}

/**
 * The counts of a vitest JSON report. A run that left no report, or that failed although no test did (a file that
 * cannot be loaded, a set-up that broke), counts as one failure at least.
 */
export function countsOfReport(read: () => string, exitCode: number): Counts {
  let report: Report;
  try {
    report = JSON.parse(read()) as Report;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const failed =
    report.numFailedTests > 0 ? report.numFailedTests : exitCode === 0 ? 0 : Math.max(1, report.numFailedTestSuites);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

export function addCounts(all: readonly Counts[]): Counts {
  return all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The line that a test run ends with. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
