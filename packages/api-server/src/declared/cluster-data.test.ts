import type { ClusterInput } from '@plumbline/protocol';
import { describe, expect, it } from 'vitest';
import {
  clusterOfInput,
  clusterOfSecret,
  clusterSecretContent,
  clusterSecretName,
  shownCluster,
  updatedCluster,
} from './cluster-data.ts';

const input: ClusterInput = {
  server: 'https://far.example:6443/',
  name: 'far',
  config: { bearerToken: 'canary', tlsClientConfig: { insecure: true, keyData: 'canary' } },
  namespaces: ['a', 'b'],
  shard: 2,
  labels: { tier: 'test' },
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'canary', note: 'x' },
};
const stored = (() => {
  const { data, labels, annotations } = clusterSecretContent(clusterOfInput(input));
  return clusterOfSecret({ name: 's', uid: 'u', resourceVersion: '1', data, labels, annotations });
})();
const state = { status: 'Successful' as const, message: '' };
const info = { serverVersion: '1.36', connectionState: state, cacheInfo: {}, applicationsCount: 0 };

describe('a cluster as a Secret', () => {
  it('comes back as it was sent, without the slash', () => {
    const { secret: _, ...cluster } = stored;
    expect(cluster).toEqual(clusterOfInput(input));
    expect(cluster.server).toBe('https://far.example:6443');
  });

  it('is shown without credentials, also not those in annotations', () => {
    const shown = shownCluster(stored, { info });
    expect(JSON.stringify(shown)).not.toContain('canary');
    expect(shown).toMatchObject({ name: 'far', shard: 2, annotations: { note: 'x' }, labels: { tier: 'test' } });
  });

  it('keeps its address, whatever an update says', () => {
    const next = updatedCluster(stored, { ...input, server: 'https://evil.example', namespaces: [] }, undefined);
    expect(next).toMatchObject({ server: stored.server, namespaces: [] });
  });

  it('takes over only the fields that an update names', () => {
    const next = updatedCluster(stored, { server: '', labels: { tier: 'prod' }, name: 'near' }, ['labels']);
    expect(next).toMatchObject({ name: 'far', labels: { tier: 'prod' }, config: input.config });
    expect(() => updatedCluster(stored, input, ['server'])).toThrow(/no field "server"/);
  });

  it.each([
    [{ server: '' }],
    [{ server: 'far' }],
    [{ config: { tlsClientConfig: { insecure: true, caData: 'x' } } }],
    [{ config: { proxyUrl: 'ftp://proxy' } }],
  ])('is refused: %j', (change) => {
    expect(() => clusterOfInput({ ...input, ...change })).toThrow();
  });

  it('has a name that Kubernetes takes', () => {
    for (const server of ['https://[::1]:6443', 'https://Far.Example', 'https://10.0.0.1']) {
      expect(clusterSecretName(server)).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
    }
  });
});
