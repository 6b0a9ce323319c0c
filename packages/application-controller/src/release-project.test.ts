import { type Application, type AppProject, finalizers } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { silentLogger } from '@plumbline/telemetry';
import { application } from '@plumbline/testing';
import { expect, it } from 'vitest';
import { releaseProject } from './release-project.ts';

const project = (change: object): AppProject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'team', finalizers: [finalizers.resources, 'other'], ...change },
  spec: {},
});
const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const app = (name: string): Application =>
  ({
    ...application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' }),
    spec: { project: name },
  }) as Application;

it.each<[string, AppProject | undefined, Application[], boolean]>([
  ['is not being deleted', project({}), [], false],
  ['still has an Application', project(going), [app('other'), app('team')], false],
  ['has none any more', project(going), [app('other')], true],
  ['does not carry the finalizer', project({ ...going, finalizers: ['other'] }), [], false],
  ['is gone', undefined, [], false],
])('a project that %s', async (_, of, applications, released) => {
  const patches: unknown[] = [];
  const client = { patch: async (_ref: unknown, patch: unknown) => patches.push(patch) } as unknown as KubeClient;
  await releaseProject(of, { client, namespace: 'argocd', applications, logger: silentLogger });
  expect(patches).toEqual(released ? [{ metadata: { resourceVersion: undefined, finalizers: ['other'] } }] : []);
});
