export { runCli } from './run.ts';
export { processTerminal, type Terminal } from './terminal.ts';
