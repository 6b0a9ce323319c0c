import { randomUUID } from 'node:crypto';
import { type KubeObject, parseJson, trackedApplication, withTracking } from '@plumbline/manifests';
import { ChangeCollector } from '../live-state/changes/change-collector.ts';
import { LiveObjects } from '../live-state/index/live-objects.ts';
import { createSecretMask } from '../secrets/secret-mask.ts';

/*
 * Run with `node --expose-gc measure-memory.ts <objects>`: prints, as JSON, the bytes that live state keeps for each object
 * of several sorts, and the bytes of its JSON. Objects come as they do from a server: as pages of 500.
 */
const tracking = { method: 'annotation', instanceLabelKey: 'app.kubernetes.io/instance' } as const;
const created = '2026-01-01T00:00:00Z';
let number = 0;

function metadata(name: string, namespace = number % 50): KubeObject['metadata'] {
  const fieldsV1 = { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } };
  number += 1;
  return {
    name,
    namespace: `namespace-${namespace}`,
    uid: randomUUID(),
    resourceVersion: String(100_000 + number),
    creationTimestamp: created,
    managedFields: [
      { manager: 'kubectl', operation: 'Update', apiVersion: 'v1', time: created, fieldsType: 'FieldsV1', fieldsV1 },
    ],
  };
}

function configMap(index: number): KubeObject {
  const data = { a: 'x'.repeat(1_000), b: randomUUID().repeat(27) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(`settings-${index}`), data };
}

/** Three of them belong to one ReplicaSet, each with 2 KB of its own. */
function pod(index: number): KubeObject {
  const owner = Math.floor(index / 3);
  const uid = `00000000-0000-0000-0000-${String(owner).padStart(12, '0')}`;
  const env = Array.from({ length: 25 }, (_, at) => ({ name: `E${at}`, value: randomUUID() }));
  const resources = { requests: { cpu: '100m', memory: '128Mi' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata(`web-${owner}-7d9c5b8f6-${index}`, owner % 50),
      labels: { app: `web-${owner}`, 'pod-template-hash': '7d9c5b8f6' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${owner}-7d9c5b8f6`, uid }],
    },
    spec: {
      nodeName: `node-${index % 100}`,
      containers: [{ name: 'web', image: `example.org/${owner}:1`, resources, env }],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'web', ready: true, restartCount: 0, state: { running: { startedAt: created } } }],
    },
  };
}

/** What a custom resource, a Secret and a ReplicaSet of a Deployment look like. */
function custom(index: number): KubeObject {
  const status = { conditions: [{ type: 'Ready', status: 'True', message: `issued as ${randomUUID()}` }] };
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: metadata(`certificate-${index}`),
    spec: { secretName: `tls-${index}`, dnsNames: Array.from({ length: 40 }, () => `${randomUUID()}.example.org`) },
    status,
  };
}

function secret(index: number): KubeObject {
  const data = { a: Buffer.from(randomUUID().repeat(40)).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: metadata(`secret-${index}`), type: 'Opaque', data };
}

function replicaSet(index: number): KubeObject {
  const uid = `00000000-0000-0000-0001-${String(index).padStart(12, '0')}`;
  const annotations = { 'deployment.kubernetes.io/revision': String((index % 10) + 1) };
  const env = Array.from({ length: 25 }, (_, at) => ({ name: `E${at}`, value: randomUUID() }));
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...metadata(`web-${index}-7d9c5b8f6`),
      annotations,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: `web-${index}`, uid }],
    },
    spec: { replicas: 0, template: { spec: { containers: [{ name: 'web', image: `example.org/${index}:1`, env }] } } },
    status: { replicas: 0, observedGeneration: 1 },
  };
}

function managed(object: KubeObject): KubeObject {
  return withTracking(object, { application: 'shop', namespace: object.metadata.namespace ?? '', ...tracking });
}

function usedHeap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** One page of a list; a function of its own, so that nothing of it stays on the stack. */
function feed(objects: LiveObjects, page: readonly KubeObject[]): number {
  const text = JSON.stringify(page);
  for (const object of parseJson(text) as KubeObject[]) objects.onEvent({ type: 'ADDED', object });
  return text.length;
}

async function measure(count: number, build: (index: number) => KubeObject) {
  const objects = new LiveObjects({
    discovery: { preferred: () => undefined },
    secretMask: createSecretMask(Buffer.from('key of the measurement')),
    trackingOf: (object) => trackedApplication(object, tracking),
    changes: new ChangeCollector(() => {}),
  });
  const before = usedHeap();
  let jsonBytes = 0;
  for (let start = 0; start < count; start += 500) {
    const length = Math.min(500, count - start);
    jsonBytes += feed(
      objects,
      Array.from({ length }, (_, index) => build(start + index)),
    );
  }
  // What was gathered to be told in this turn goes with the turn.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const perObject = (usedHeap() - before) / objects.index.size;
  return { perObject: Math.round(perObject), json: Math.round(jsonBytes / count) };
}

function withoutOwners(object: KubeObject): KubeObject {
  const { ownerReferences: _owners, ...rest } = object.metadata;
  return { ...object, metadata: rest };
}

const count = Number(process.argv[2] ?? 20_000);
await measure(500, configMap);
const figures = {
  configMap: await measure(count, configMap),
  pod: await measure(count, pod),
  customResource: await measure(count, custom),
  secret: await measure(count, secret),
  replicaSet: await measure(count, replicaSet),
  managedConfigMap: await measure(count / 4, (index) => managed(configMap(index))),
  managedPod: await measure(count / 4, (index) => managed(withoutOwners(pod(index)))),
};
process.stdout.write(JSON.stringify(figures));
