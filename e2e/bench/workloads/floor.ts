import { writesAtOnce } from '../bench.ts';
import { eachLimited } from '../each-limited.ts';
import { applicationObjects } from '../fleet.ts';
import type { Workload } from './workload.ts';

/** What the API server itself takes: the objects of `first-sync`, applied to a namespace of their own. */
export const floor: Workload = async ({ client, namespace, names }) => {
  const own = `${namespace}-floor`;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: own } });
  const objects = names.flatMap((name) => applicationObjects(name, '1.0'));
  const started = performance.now();
  await eachLimited(objects, writesAtOnce, (object) =>
    client.apply(
      { ...object, metadata: { ...object.metadata, namespace: own } },
      { fieldManager: 'floor', force: true },
    ),
  );
  const wall = (performance.now() - started) / 1000;
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: own };
  await client.delete(reference, { propagationPolicy: 'Background' });
  return { rows: [{ name: 'floor', title: 'floor', unit: 'floor', cost: { wall } }] };
};
