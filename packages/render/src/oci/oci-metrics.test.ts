import { createMetrics } from '@plumbline/telemetry';
import { expect, it } from 'vitest';
import type { ChartRepository } from '../charts/types.ts';
import { measuredRegistries } from './oci-metrics.ts';

it('counts requests to registries by repository, failed ones by revision too, without credentials', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const failing: ChartRepository = {
    resolve: () => Promise.reject(new Error('no')),
    locate: () => Promise.reject(new Error('no')),
    tags: async () => ['v1'],
  };
  const measured = measuredRegistries(failing, metrics);
  const reference = { repoURL: 'oci://user:canary@registry.example/team/web', version: 'v1', project: '' };
  await expect(measured.resolve(reference, { url: '' }, {})).rejects.toThrow('no');
  expect(await measured.tags?.('oci://registry.example/team/web', { url: '' }, {})).toEqual(['v1']);
  const text = await metrics.text();
  expect(text).not.toContain('canary');
  expect(text).toMatch(/argocd_oci_resolve_revision_fail_total\{repo="[^"]*team\/web",revision="v1"\} 1/);
  expect(text).toMatch(/argocd_oci_request_total\{repo="[^"]*team\/web",request_type="get-tags"\} 1/);
  expect(text).toMatch(/argocd_oci_request_duration_seconds_count\{[^}]*"resolve-revision"[^}]*\} 1/);
});
