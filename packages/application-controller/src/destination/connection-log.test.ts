import { createMetrics } from '@plumbline/telemetry';
import { expect, it } from 'vitest';
import { ConnectionLog } from './connection-log.ts';

const server = 'https://far.example';

function started() {
  const metrics = createMetrics({ processMetrics: false });
  const clock = { now: 0 };
  return { metrics, clock, log: new ConnectionLog(metrics, () => clock.now) };
}

const connected = (failing: number) => ({
  name: 'far',
  server,
  kubeVersion: '1.36.1',
  live: {
    stats: () => ({ kinds: 60, objects: 1_000 }),
    failures: () => new Map(Array.from({ length: failing }, (_, index) => [`/K${index}`, 'down'])),
  },
});

it('lets the next attempt wait longer after each failure, for half a minute at most', () => {
  const { clock, log } = started();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    log.failed(server, 'a', new Error('down'));
    const from = clock.now;
    while (log.refusal(server, 'a')) clock.now += 1_000;
    waits.push((clock.now - from) / 1_000);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
});

it('does not wait where the configuration is another one, or after a success', () => {
  const { log } = started();
  log.failed(server, 'a', new Error('down'));
  expect(log.refusal(server, 'a')).toMatchObject({ error: { message: 'down' } });
  expect(log.refusal(server, 'b')).toBeUndefined();
  log.succeeded(connected(0));
  expect(log.refusal(server, 'a')).toBeUndefined();
});

it('tells of clusters as Argo CD does', async () => {
  const { metrics, clock, log } = started();
  log.failed('https://down.example', 'a', new Error('down'));
  log.succeeded(connected(1));
  clock.now = 5_000;
  const text = await metrics.text();
  for (const line of [
    `argocd_cluster_info{server="${server}",k8s_version="1.36.1",name="far"} 1`,
    `argocd_cluster_connection_status{server="${server}",k8s_version="1.36.1"} 1`,
    'argocd_cluster_connection_status{server="https://down.example",k8s_version=""} 0',
    `argocd_cluster_api_resources{server="${server}"} 60`,
    `argocd_cluster_api_resource_objects{server="${server}"} 1000`,
    `argocd_cluster_cache_age_seconds{server="${server}"} 5`,
  ]) {
    expect(text).toContain(line);
  }
  log.succeeded(connected(60));
  expect(await metrics.text()).toContain(`connection_status{server="${server}",k8s_version="1.36.1"} 0`);
  log.forget(server);
  expect(await metrics.text()).not.toContain(server);
});
