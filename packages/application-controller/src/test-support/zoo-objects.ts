import type { DifferenceClass } from '@plumbline/diff';
import type { KubeObject } from '@plumbline/manifests';
import { expect } from 'vitest';
import type { Zoo } from './zoo.ts';

/** A Deployment without Pods. */
export function idleDeployment(
  metadata: KubeObject['metadata'] & { name: string },
  containers: readonly object[],
  { spec = {}, pod = {} }: { spec?: object; pod?: object } = {},
): KubeObject {
  const labels = { app: metadata.name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      ...spec,
      template: { metadata: { labels }, spec: { containers, ...pod } },
    },
  };
}

/** Objects in the namespace of a zoo and what is said of them. */
export function zooObjects(zoo: Zoo) {
  /** A Deployment of one container. */
  const deployment = (name: string, spec: object = {}, pod: object = {}, container: object = {}): KubeObject => {
    const containers = [{ name: 'web', image: 'example/web:1', ...container }];
    return idleDeployment({ name, namespace: zoo.namespace.name }, containers, { spec, pod });
  };

  const configMap = (name: string, data: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: zoo.namespace.name, annotations: { 'example.org/ours': 'yes' } },
    data,
  });

  const counting = async (target: KubeObject) => {
    const { explanation } = await zoo.compare(target);
    return explanation.filter(({ counts }) => counts);
  };

  /** The differences that count: path → class. */
  const counted = async (target: KubeObject): Promise<Record<string, DifferenceClass>> =>
    Object.fromEntries((await counting(target)).map((item) => [item.path, item.class]));

  /** A sync leads to Synced, and again. */
  const settles = async (target: KubeObject): Promise<void> => {
    for (let round = 0; round < 2; round += 1) {
      await zoo.sync(target);
      expect(await counting(target)).toEqual([]);
    }
  };

  return { deployment, configMap, counted, settles };
}
