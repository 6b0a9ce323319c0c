import { silentLogger } from '@plumbline/telemetry';
import { createStore, sealKeyFrom } from '../src/index.ts';

// Takes an item and computes for 7 s without a pause. Started by a test, which kills it.
const [redisUrl = '', queue = ''] = process.argv.slice(2);
const store = await createStore({ redisUrl, sealKey: sealKeyFrom('test'), logger: silentLogger });
store.worker(
  queue,
  async () => {
    await new Promise((written) => process.stdout.write('taken\n', written));
    const end = performance.now() + 7_000;
    while (performance.now() < end);
    return 'done by the busy one';
  },
  { concurrency: 1 },
);
