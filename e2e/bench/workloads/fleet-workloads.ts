import { writesAtOnce } from '../bench.ts';
import { eachLimited } from '../each-limited.ts';
import type { Workload } from './workload.ts';

/** All Applications of the fleet, from nothing to Synced and Healthy. */
export const firstSync: Workload = async ({ meter, names, repository, watch, createApplication }) => {
  const head = await repository.head();
  const cost = await meter(async () => {
    await eachLimited(names, writesAtOnce, (name) => createApplication({ name, source: { path: `apps/${name}` } }));
    await watch.until('first sync', () => names.every((name) => watch.isSynced(name, head)));
  });
  return { rows: [{ name: 'first-sync', title: `first sync of ${names.length} applications`, unit: 'floor', cost }] };
};

/** A refresh of every Application where nothing has changed. */
export const noopRefresh: Workload = async ({ meter, names, refresh }) => {
  const cost = await meter(() => refresh(names, 'normal'));
  return { rows: [{ name: 'noop-refresh', title: `no-op refresh of ${names.length}`, unit: 'floor', cost }] };
};

/** The same, with everything rendered again. */
export const hardRefresh: Workload = async ({ meter, names, refresh }) => {
  const cost = await meter(() => refresh(names, 'hard'));
  return { rows: [{ name: 'hard-refresh', title: `hard refresh of ${names.length}`, unit: 'floor', cost }] };
};

/** Deletion of every Application that the benchmark has made, with all their objects. */
export const deletion: Workload = async ({ meter, client, controlNamespace, watch }) => {
  const isOurs = (name: string) => name.startsWith('bench-');
  const names = watch.names().filter(isOurs);
  const kind = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: controlNamespace };
  const cost = await meter(async () => {
    await eachLimited(names, writesAtOnce, (name) =>
      client.delete({ ...kind, name }, { propagationPolicy: 'Background' }),
    );
    await watch.until('cascade deletion', () => !watch.names().some(isOurs));
  });
  return { rows: [{ name: 'delete', title: `cascade deletion of ${names.length}`, unit: 'floor', cost }] };
};
