export { layers, violation } from './layers/rules.ts';
export { addCounts, type Counts, closingLine, countsOfReport } from './test/counts.ts';
