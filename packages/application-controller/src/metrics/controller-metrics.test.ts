import type { Application } from '@plumbline/apis';
import type { ControllerMetricsSettings } from '@plumbline/settings';
import { createMetrics } from '@plumbline/telemetry';
import { expect, it } from 'vitest';
import { shop } from '../test-support/builders.ts';
import { controllerMetrics } from './controller-metrics.ts';

const settings: ControllerMetricsSettings = {
  applicationLabels: [],
  applicationConditions: [],
  clusterLabels: [],
  expirationMs: 0,
};

function scraped(change: Partial<ControllerMetricsSettings> = {}) {
  const metrics = createMetrics({ processMetrics: false });
  const applications: Application[] = [shop()];
  const current = { ...settings, ...change };
  const own = controllerMetrics(metrics, {
    applications: () => applications,
    serverOf: () => 'https://kubernetes.default.svc',
    orphansOf: () => 3,
    settings: () => current,
  });
  const lines = async (name: string) =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return { own, applications, lines, current };
}

const [first] = [shop()];

it('tells of Applications by their state, and of none that is gone', async () => {
  const { lines, applications } = scraped();
  const [line] = await lines('argocd_app_info');
  expect(line).toContain('name="shop",project="default"');
  expect(line).toContain('dest_server="https://kubernetes.default.svc"');
  expect(line).toContain('operation=""');
  expect(await lines('argocd_app_orphaned_resources_count')).toEqual([
    'argocd_app_orphaned_resources_count{namespace="argocd",name="shop",project="default"} 3',
  ]);
  applications[0] = {
    ...first,
    metadata: { ...first.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  } as Application;
  expect((await lines('argocd_app_info'))[0]).toContain('operation="delete"');
  applications.length = 0;
  expect(await lines('argocd_app_info')).toEqual([]);
});

it('shows chosen labels as they may be named in metrics, from the moment that they are chosen', async () => {
  const { lines, applications, current, own } = scraped();
  applications[0] = { ...first, metadata: { ...first.metadata, labels: { 'team.example/name': 'a' } } } as Application;
  expect(await lines('argocd_app_labels')).toEqual([]);
  current.applicationLabels = ['team.example/name', 'stage'];
  own.adjust();
  expect(await lines('argocd_app_labels')).toEqual([
    'argocd_app_labels{namespace="argocd",name="shop",project="default",label_team_example_name="a",label_stage=""} 1',
  ]);
});

it('counts conditions by type, of the chosen types where some are chosen', async () => {
  const conditions = ['SyncError', 'SyncError', 'OrphanedResourceWarning'].map((type) => ({ type, message: 'm' }));
  const app = { ...first, status: { conditions } } as Application;
  const all = scraped();
  all.applications[0] = app;
  expect((await all.lines('argocd_app_condition')).map((line) => line.slice(line.indexOf('condition=')))).toEqual([
    'condition="SyncError"} 2',
    'condition="OrphanedResourceWarning"} 1',
  ]);
  const some = scraped({ applicationConditions: ['SyncError'] });
  some.applications[0] = app;
  expect(await some.lines('argocd_app_condition')).toHaveLength(1);
});

it('counts requests of syncs as Argo CD names them, and forgets those of Applications that are gone', async () => {
  const { own, lines } = scraped();
  own.requested(
    { app: shop(), destination: undefined },
    {
      server: 'https://c1',
      verb: 'apply-dry-run',
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/n/deployments/web?dryRun=All',
      status: 201,
      seconds: 0,
      requestBytes: 0,
      responseBytes: 0,
      again: false,
    },
  );
  expect(await lines('argocd_app_k8s_request_total')).toEqual([
    'argocd_app_k8s_request_total{namespace="argocd",name="shop",project="default",server="https://c1",response_code="201",verb="Patch",resource_kind="deployments",resource_namespace="n",dry_run="true"} 1',
  ]);
  own.forget(shop());
  await expect.poll(() => lines('argocd_app_k8s_request_total')).toEqual([]);
});

it('names a repository without the password that its URL may hold', async () => {
  const { lines, applications } = scraped();
  const source = { repoURL: 'https://reader:hunter2@git.example.com/shop.git', path: 'web' };
  applications[0] = { ...first, spec: { ...first?.spec, source } } as Application;
  const [line] = await lines('argocd_app_info');
  expect(line).toContain('@git.example.com/shop');
  expect(line).not.toContain('hunter2');
});
