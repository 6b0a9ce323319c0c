import { writesAtOnce } from '../bench.ts';
import { eachLimited } from '../each-limited.ts';
import type { Workload } from './workload.ts';

/** Applications of one Helm chart with a parameter each. */
export const helmFleet: Workload = async ({ meter, options, watch, createApplication }) => {
  const names = Array.from({ length: options.helm }, (_, index) => `bench-helm-${String(index).padStart(3, '0')}`);
  const cost = await meter(async () => {
    await eachLimited([...names.entries()], writesAtOnce, ([index, name]) => {
      const helm = { parameters: [{ name: 'image', value: `1.${index}` }] };
      return createApplication({ name, source: { path: 'chart', helm } });
    });
    await watch.until('the Helm applications', () => names.every((name) => watch.isSynced(name)));
  });
  const title = `first sync of ${names.length} Helm applications`;
  return { rows: [{ name: 'helm-first-sync', title, unit: 'floor', cost }] };
};

/** One Application of many ConfigMaps: first sync, then a refresh of it. */
export const bigApplication: Workload = async ({ meter, options, watch, createApplication, refresh }) => {
  const name = 'bench-big';
  const first = await meter(async () => {
    await createApplication({ name, source: { path: 'big' } });
    await watch.until('the big application', () => watch.isSynced(name));
  });
  const again = await meter(() => refresh([name], 'normal'));
  const of = `1 application of ${options.big} ConfigMaps`;
  return {
    rows: [
      { name: 'big-first-sync', title: `${of}: first sync`, unit: 'floor', cost: first },
      { name: 'big-noop-refresh', title: `${of}: no-op refresh`, unit: 'floor', cost: again },
    ],
  };
};
