import { writeFile } from 'node:fs/promises';
import type { Figures } from './figures.ts';
import { goals, memoryGoal } from './goals.ts';
import { parseOptions, UsageError, usage } from './options.ts';
import { report } from './report.ts';
import { runBench } from './run.ts';

/** The figures with the goals beside them, as JSON. */
function json(figures: Figures): string {
  const plain = (_name: string, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value);
  return `${JSON.stringify({ ...figures, goals, memoryGoal }, plain, 2)}\n`;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return;
  }
  const figures = await runBench(options, (line) => console.error(line));
  console.log(report(figures));
  if (options.json) await writeFile(options.json, json(figures));
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 1;
});
