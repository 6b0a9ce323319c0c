export { runProgram } from './run-program.ts';
export type { ProgramOutcome, ProgramRun } from './types.ts';
