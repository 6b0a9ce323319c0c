import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const lines = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith('syncs'));

it('forgets the series of what is gone, and no others', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const syncs = metrics.counter({ name: 'syncs', help: 'Syncs', labels: ['name', 'phase'] });
  for (const name of ['web', 'db']) for (const phase of ['Failed', 'Succeeded']) syncs.inc({ name, phase });
  syncs.forget({ name: 'web' });
  await expect
    .poll(() => lines(metrics))
    .toEqual(['syncs{name="db",phase="Failed"} 1', 'syncs{name="db",phase="Succeeded"} 1']);
});

it('gives the same metric to everyone who asks for its name', async () => {
  const metrics = createMetrics({ processMetrics: false });
  for (const help of ['one', 'two']) metrics.counter({ name: 'syncs', help }).inc();
  expect(await lines(metrics)).toEqual(['syncs 2']);
});
