import type { Application } from '@plumbline/apis';
import type { ResourceHealth } from '@plumbline/protocol';
import { expect, test } from 'vitest';
import type { Inspector } from './inspect.ts';
import { withResourceHealth } from './resource-health.ts';

const app = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { project: 'default', destination: {} },
  status: {
    resourceHealthSource: 'appTree',
    resources: [
      { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'web', name: 'shop', status: 'Synced' },
      { version: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'shop', status: 'Synced' },
    ],
  },
} as Application;

async function shown(answer: () => Promise<ResourceHealth[]>, application = app) {
  const inspector = { ask: answer, close: async () => {} } as unknown as Inspector;
  const signal = new AbortController().signal;
  const { status } = await withResourceHealth(application, { inspector, namespace: 'argocd', signal });
  return status?.resources?.map(({ health }) => health?.status);
}

const found: ResourceHealth[] = [
  { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'shop', health: { status: 'Degraded' } },
];

test('objects of a kind with a health show it', async () => {
  expect(await shown(async () => found)).toEqual(['Degraded', undefined]);
});

test('an Application is shown without it while the controller does not answer', async () => {
  expect(await shown(() => Promise.reject(new Error('no answer')))).toEqual([undefined, undefined]);
});

test('what the custom resource stores itself is left alone', async () => {
  const stored = { ...app, status: { ...app.status, resourceHealthSource: undefined } } as Application;
  expect(await shown(async () => found, stored)).toEqual([undefined, undefined]);
});
