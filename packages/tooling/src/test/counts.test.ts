import { expect, it } from 'vitest';
import { addCounts, closingLine, countsOfReport } from './counts.ts';

const report = (values: object) => () =>
  JSON.stringify({
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    numFailedTestSuites: 0,
    ...values,
  });

it.each([
  ['a green run', report({}), 0, { passed: 3, failed: 0, skipped: 1 }],
  ['failed tests', report({ numFailedTests: 2 }), 1, { passed: 3, failed: 2, skipped: 1 }],
  ['a file that does not load', report({ numFailedTestSuites: 1 }), 1, { passed: 3, failed: 1, skipped: 1 }],
  ['a run that fails for another reason', report({}), 1, { passed: 3, failed: 1, skipped: 1 }],
  ['a run without a report', () => '', 0, { passed: 0, failed: 1, skipped: 0 }],
])('counts %s', (_case, read, code, counts) => {
  expect(countsOfReport(read, code)).toEqual(counts);
});

it('closes with the sum over all suites', () => {
  const sum = addCounts([
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 2, failed: 1, skipped: 3 },
  ]);
  expect(closingLine(sum)).toBe('3 passed, 1 failed, 3 skipped');
});
