import { createMetrics, type Logger, silentLogger } from '@plumbline/telemetry';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMapIn, faultyClient, sharedClient } from '../../test-support/clients.ts';
import { startLive, trackedIn } from '../../test-support/live.ts';
import type { KubeClient } from '../../types.ts';

const background = { propagationPolicy: 'Background' } as const;

let client: KubeClient;
let namespace: TestNamespace;

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'audit');
}, 600_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await client?.close();
});

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: namespace.name, name });
const map = (name: string, value: string) =>
  trackedIn(namespace.name, 'audited', configMapIn(namespace.name, name, { value }));

describe('a comparison with fresh lists', () => {
  it('finds a watch that says nothing, and heals what is known', async () => {
    await using faulty = await faultyClient();
    const metrics = createMetrics({ processMetrics: false });
    const errors: string[] = [];
    const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };
    const live = startLive(faulty.client, { auditGraceMs: 100, metrics, logger });
    await client.create(map('goes', 'old'));
    await client.create(map('changes', 'old'));
    await live.ready();
    await eventually(() => live.managedBy('audited').length === 2, { what: 'both objects' });
    faulty.proxy.onChunk = (bytes, path) => ({ bytes: path.includes('/configmaps?') ? Buffer.alloc(0) : bytes });
    await client.delete(ref('goes'), background);
    await client.patch(ref('changes'), { data: { value: 'new' } }, { type: 'merge' });
    await client.create(map('comes', 'new'));
    expect(await live.audit()).toEqual(['/ConfigMap']);
    const held = () =>
      live.managedBy('audited').map(({ key, object }) => `${key.name} ${JSON.stringify(object?.['data'])}`);
    await eventually(() => held().sort().join() === 'changes {"value":"new"},comes {"value":"new"}', {
      what: 'the truth',
    });
    expect(await metrics.text()).toMatch(/plumbline_live_state_healed_total\{.*kind="\/ConfigMap"\} 1/);
    expect(await metrics.text()).toMatch(/argocd_cluster_events_total\{.*group="",kind="ConfigMap"\} \d+/);
    expect(errors).toEqual([expect.stringContaining('a watch has missed changes')]);
    await live.close();
  });

  it('finds nothing where all is well, whatever changes meanwhile', async () => {
    const own = await sharedClient();
    const live = startLive(own, { auditGraceMs: 1_000 });
    await live.ready();
    const end = Date.now() + 3_000;
    const churn = async () => {
      for (let round = 0; Date.now() < end; round += 1) {
        await client.apply(map('churned', String(round)), { fieldManager: 'churn', force: true });
        if (round % 3 === 0) await client.delete(ref('churned'), background);
      }
    };
    const [wrong] = await Promise.all([live.audit(), churn()]);
    expect(wrong).toEqual([]);
    expect(own.requestCounts()['list']).toBeLessThanOrEqual(2 * live.stats().kinds + 5);
    await live.close();
    await own.close();
  });
});
