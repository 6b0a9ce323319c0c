import { silentLogger } from '@plumbline/telemetry';
import { createStore, sealKeyFrom } from '../src/index.ts';

// Takes one item and never ends it; says on standard output that it has it. Started by a test, which kills it.
const [redisUrl = '', queue = ''] = process.argv.slice(2);
const store = await createStore({ redisUrl, sealKey: sealKeyFrom('test'), logger: silentLogger });
store.worker(
  queue,
  async () => {
    process.stdout.write('taken\n');
    return new Promise<never>(() => {});
  },
  { concurrency: 1 },
);
