import { openBench } from '../open-bench.ts';
import { parseOptions } from '../options.ts';
import { table } from '../table.ts';
import { alone } from './alone.ts';
import { lists } from './lists.ts';
import { prepare } from './setting.ts';
import { streams } from './streams.ts';

/** What lists and streams of the API cost with thousands of Applications. */
async function main(): Promise<void> {
  const options = parseOptions(['--apps', '1', ...process.argv.slice(2)]);
  if (!options) return;
  await using opened = await openBench(options);
  const setting = await prepare(opened.bench, opened.ready);
  const lines = [...(await lists(setting)), ...(await streams(setting)), ...(await alone(setting))];
  console.log(table([['API with 5,000 Applications', 'measured', 'goal'], ...lines]));
}

await main();
