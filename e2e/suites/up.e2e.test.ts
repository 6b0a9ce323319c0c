import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KubeObject } from '@plumbline/manifests';
import { configMap, testNamespace } from '@plumbline/testing';
import { describe, expect, inject, test } from 'vitest';
import { clientsOf, given, refOf } from '../fixture/context.ts';
import { healthy, synced } from '../fixture/expectations.ts';
import { ownEngine } from '../fixture/own-engine.ts';
import { allEnded, isRunning, processesIn, processTree } from '../fixture/processes.ts';

const shared = inject('plumblineEngine');

describe('plumb up', () => {
  test('with a control plane of its own goes on where it was after SIGTERM, and leaves no process, even after kill -9', async () => {
    await using own = await ownEngine({});
    const first = await own.start();
    expect(first.ready).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      namespace: 'argocd',
      adminPassword: expect.stringMatching(/^.{16,}$/),
      redisUrl: expect.stringMatching(/^redis:/),
      metricsUrls: { 'application-controller': expect.any(String), 'repo-server': expect.any(String) },
    });
    expect((await stat(first.ready.kubeconfig)).mode & 0o077).toBe(0);
    const { engine, controlPlane } = first.ready.pids;
    expect([engine.length >= 3, controlPlane.length >= 4]).toEqual([true, true]);
    expect(await Promise.all([...engine, ...controlPlane].map(isRunning))).not.toContain(false);

    const before = await given({ 'a.yaml': configMap('a') }, first.ready);
    await using _ = before.repository;
    const { name, becomes } = await before.application({ automated: true });
    await becomes(synced, healthy);
    expect(await first.stop()).toBe(0);

    const second = await own.start();
    expect(second.ready.adminPassword).toBe(first.ready.adminPassword);
    const after = await given({}, second.ready);
    await using __ = after.repository;
    const { status } = await after.app(name).becomes(synced, healthy);
    expect(status?.history).toHaveLength(1);

    const everything = [...(await processTree(second.pid)), ...(await processesIn(dirname(second.ready.kubeconfig)))];
    expect(everything).toEqual(expect.arrayContaining(second.ready.pids.controlPlane));
    process.kill(second.pid, 'SIGKILL');
    await allEnded([...everything, ...second.ready.pids.engine]);
  });

  test('creates what the control plane lacks and overwrites nothing', async () => {
    const { kube } = await clientsOf(shared);
    await using control = await testNamespace(kube, 'e2e-control');
    const namespace = control.name;
    const mine = (kind: 'ConfigMap' | 'AppProject', name: string, rest: object): KubeObject => ({
      apiVersion: refOf(kind, name).apiVersion,
      kind,
      metadata: { name, namespace, labels: { mine: 'yes' } },
      ...rest,
    });
    const settings = mine('ConfigMap', 'argocd-cm', { data: { 'timeout.reconciliation': '77s' } });
    const project = mine('AppProject', 'default', { spec: { description: 'mine', sourceRepos: ['https://x.test/*'] } });
    await kube.create(settings);
    await kube.create(project);

    await using own = await ownEngine({ kubeconfig: shared.kubeconfig, namespace });
    const engine = await own.start();

    for (const [kind, name, object] of [
      ['ConfigMap', 'argocd-cm', settings],
      ['AppProject', 'default', project],
    ] as const) {
      const { metadata: _, ...content } = object;
      const live = await kube.get(refOf(kind, name, namespace));
      expect(live).toMatchObject({ ...content, metadata: { labels: { mine: 'yes' } } });
    }
    expect((await kube.get(refOf('ConfigMap', 'argocd-cm', namespace)))['data']).toEqual(settings['data']);
    for (const name of ['argocd-rbac-cm', 'argocd-cmd-params-cm', 'argocd-tls-certs-cm', 'argocd-ssh-known-hosts-cm']) {
      expect(await kube.find(refOf('ConfigMap', name, namespace)), name).not.toBeNull();
    }
    for (const name of ['argocd-secret', 'argocd-initial-admin-secret']) {
      expect(await kube.find(refOf('Secret', name, namespace)), name).not.toBeNull();
    }
    const secret = await kube.get(refOf('Secret', 'argocd-initial-admin-secret', namespace));
    const { password = '' } = secret['data'] as { password?: string };
    expect(Buffer.from(password, 'base64').toString('utf8')).toBe(engine.ready.adminPassword);
  });
});
