import type { LiveState } from '@plumbline/cluster';
import { type KubeObject, keyOf, splitApiVersion } from '@plumbline/manifests';
import { type SyncTask, taskOptions } from '@plumbline/sync';
import { refOf } from '../object-ref.ts';
import { type Migration, writeObject } from '../operation/write-object.ts';
import type { Zoo } from './zoo.ts';
import { idleDeployment } from './zoo-objects.ts';

const unseen = { forget: () => {} } as unknown as LiveState;

/** Writes objects on a real control plane as a sync with some options does. */
export function zooWriter(zoo: Zoo) {
  const live = (object: KubeObject) => zoo.client.get(refOf(keyOf(object), object.apiVersion));

  async function taskFor(target: KubeObject, ...syncOptions: string[]): Promise<SyncTask> {
    const found = await zoo.client.find(refOf(keyOf(target), target.apiVersion));
    return {
      key: keyOf(target),
      version: splitApiVersion(target.apiVersion).version,
      target,
      live: found ? { object: found, health: undefined } : undefined,
      options: taskOptions({ syncOptions, force: syncOptions.includes('Force=true') }, target, undefined),
    } as SyncTask;
  }

  /** Writes the object as a sync with these options does. */
  async function write(target: KubeObject, ...syncOptions: string[]) {
    const task = await taskFor(target, ...syncOptions);
    const enabled = !syncOptions.includes('ClientSideApplyMigration=false');
    const migration = { enabled, managers: ['legacy-applier'] };
    return writeTask(task, target, migration);
  }

  function writeTask(task: SyncTask, target: KubeObject, migration?: Migration) {
    const destination = { client: zoo.client, live: unseen };
    return writeObject(task, target, { destination, ...(migration ? { migration } : {}) });
  }

  const configMap = (name: string, data: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: zoo.namespace.name },
    data,
  });

  const deployment = (name: string, containers: object[], spec: object = {}, pod: object = {}): KubeObject =>
    idleDeployment({ name, namespace: zoo.namespace.name }, containers, { spec, pod });

  return { live, taskFor, write, writeTask, configMap, deployment };
}
