import { setTimeout as pause } from 'node:timers/promises';
import { annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import type { Bench } from '../bench.ts';
import type { Cost } from '../figures.ts';

const events = 100;
const pauseMs = 50;

/** What one change of a Pod below an object of the Application costs on average. */
export async function podEventCost(bench: Bench, application: string): Promise<Required<Cost>> {
  const { client, meter } = bench;
  const pod = await addPod(bench, application);
  const change = (round: number) =>
    client.patch(
      { ...pod, subresource: 'status' },
      { status: { phase: round % 2 === 0 ? 'Running' : 'Pending' } },
      { type: 'merge' },
    );
  await change(1);
  await pause(pauseMs * 10);
  const cost = await meter(async () => {
    for (let round = 0; round < events; round += 1) {
      await change(round);
      await pause(pauseMs);
    }
  });
  await client.delete(pod, { propagationPolicy: 'Background', gracePeriodSeconds: 0 });
  return { ...cost, cpu: cost.cpu / events, redisBytes: cost.redisBytes / events };
}

/** A Pod that no node takes, below some object that the Application manages. */
async function addPod({ client, namespace }: Bench, application: string) {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  const isManaged = ({ metadata }: KubeObject) =>
    metadata.annotations?.[annotations.trackingId]?.startsWith(`${application}:`) === true;
  const owner = items.find(isManaged);
  if (!owner) throw new Error(`${application} manages no ConfigMap in ${namespace}`);
  const { name = '', uid = '' } = owner.metadata;
  const pod = { apiVersion: 'v1', kind: 'Pod', namespace, name: `pod-of-${application}` };
  await client.create({
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: { name: pod.name, namespace, ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }] },
    spec: { nodeSelector: { none: 'such' }, containers: [{ name: 'web', image: 'example/web:1' }] },
  });
  return pod;
}
