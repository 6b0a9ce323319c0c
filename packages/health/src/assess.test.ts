import { readdirSync, readFileSync } from 'node:fs';
import { parseManifests } from '@plumbline/manifests';
import { describe, expect, test } from 'vitest';
import { assessHealth } from './assess.ts';

const folder = new URL('../testdata/', import.meta.url);

function fixture(file: string) {
  const [object] = parseManifests(readFileSync(new URL(file, folder), 'utf8'), { file }).objects;
  if (!object) throw new Error(`${file} holds no object`);
  return object;
}

// A fixture is named <kind>-<verdict>[-<what it shows>].yaml; the verdict is what this test expects of it.
describe('each fixture has the health that its name says', () => {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  test.each(files)('%s', (file) => {
    const verdict = /^[a-z]+-([a-z]+)/.exec(file)?.[1];
    expect(assessHealth(fixture(file))?.status.toLowerCase() ?? 'none').toBe(verdict);
  });
});

describe('messages say what is waited for or what went wrong', () => {
  const rollout = 'Waiting for rollout to finish: ';
  test.each([
    ['deployment-suspended', 'Deployment is paused'],
    ['deployment-progressing-updating', `${rollout}1 out of 3 new replicas have been updated...`],
    ['deployment-progressing-old-replicas', `${rollout}2 old replicas are pending termination...`],
    ['deployment-progressing-unavailable', `${rollout}1 of 3 updated replicas are available...`],
    ['deployment-degraded', 'Deployment "shop" exceeded its progress deadline'],
    ['deployment-progressing-deleted', 'Pending deletion'],
    ['replicaset-degraded', 'pods is forbidden: exceeded quota'],
    ['statefulset-progressing-ready', 'Waiting for 2 pods to be ready...'],
    [
      'statefulset-progressing-partition',
      'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...',
    ],
    [
      'daemonset-progressing-unavailable',
      'Waiting for daemon set "agent" rollout to finish: 2 of 3 updated pods are available...',
    ],
    ['pod-degraded-crash-loop', 'back-off 40s restarting, CreateContainerConfigError'],
    ['pod-degraded-failed', 'container "main" failed with exit code 3, OOMKilled'],
    ['job-degraded', 'was active longer than specified deadline'],
    ['horizontalpodautoscaler-degraded-v1', 'no such target'],
    ['horizontalpodautoscaler-degraded-v2', 'no metrics returned'],
    ['apiservice-progressing', 'ServiceNotFound: no such service'],
    ['application-degraded', 'Caused by batch/Job:web/migrate'],
  ])('%s', (name, message) => {
    expect(assessHealth(fixture(`${name}.yaml`))?.message).toBe(message);
  });
});

test('odd objects are assessed, not thrown at', () => {
  const odd = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { generation: 1 }, spec: 7, status: ['x'] };
  expect(assessHealth(odd)?.status).toBe('Progressing');
  expect(assessHealth({ apiVersion: 'v1', kind: 'Pod', metadata: {}, status: { containerStatuses: 'x' } })).toEqual({
    status: 'Progressing',
  });
});
