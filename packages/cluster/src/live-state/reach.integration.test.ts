import type { KubeObject } from '@plumbline/manifests';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, type TestNamespace, testNamespace } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../client.ts';
import { configMapIn, faultyClient, sharedClient } from '../test-support/clients.ts';
import { statusBody } from '../test-support/fault-proxy.ts';
import { startLive, trackedIn } from '../test-support/live.ts';
import type { KubeClient } from '../types.ts';

const background = { propagationPolicy: 'Background' } as const;
const secrets = { group: '', kind: 'Secret' };
const forbidden = statusBody(403, 'Forbidden', 'secrets is forbidden: User "robot" cannot list resource "secrets"');

let client: KubeClient;
let namespace: TestNamespace;
let own: KubeClient | undefined;

beforeAll(async () => {
  client = await sharedClient();
  namespace = await testNamespace(client, 'reach');
}, 600_000);

afterAll(async () => {
  await namespace?.[Symbol.asyncDispose]();
  await own?.close();
  await client?.close();
});

async function withoutSecrets(respectRbac?: 'normal' | 'strict') {
  const faulty = await faultyClient();
  faulty.proxy.onRequest = (_method, path) =>
    path.startsWith('/api/v1/secrets?') ? { status: 403, body: forbidden } : undefined;
  const live = startLive(faulty.client, { respectRbac });
  await live.ready();
  return { faulty, live };
}

describe('a kind that may not be listed', () => {
  it('is a failure that names it, and is in doubt', async () => {
    const { faulty, live } = await withoutSecrets();
    expect(live.failures().get('/Secret')).toContain('User "robot" cannot list');
    expect(live.doubt(secrets)).toContain('User "robot" cannot list');
    expect(live.doubt({ group: '', kind: 'ConfigMap' })).toBeUndefined();
    await live.close();
    await faulty[Symbol.asyncDispose]();
  });

  it('is left out where respectRBAC is normal, and asked for no more', async () => {
    const { faulty, live } = await withoutSecrets('normal');
    await eventually(() => live.failures().size === 0, { what: 'no failure' });
    const asked = () => faulty.proxy.requests.filter((line) => line.includes('/api/v1/secrets?')).length;
    const before = asked();
    await client.create(configMapIn(namespace.name, 'later'));
    await eventually(() => live.get({ group: '', kind: 'ConfigMap', namespace: namespace.name, name: 'later' }), {
      what: 'the others',
    });
    expect(asked()).toBe(before);
    expect(live.doubt(secrets)).toContain('cannot list');
    await live.close();
    await faulty[Symbol.asyncDispose]();
  });

  it('stays a failure where respectRBAC is strict and the server says that we may', async () => {
    const { faulty, live } = await withoutSecrets('strict');
    await eventually(() => faulty.proxy.requests.some((line) => line.includes('selfsubjectaccessreviews')), {
      what: 'the question',
    });
    await eventually(() => live.failures().get('/Secret'), { what: 'the failure' });
    await live.close();
    await faulty[Symbol.asyncDispose]();
  });
});

describe('an account that may list one kind only', () => {
  /** A client that logs in with the token of a service account of its own. */
  async function limited(): Promise<KubeClient> {
    const { name } = namespace;
    const subject = { kind: 'ServiceAccount', name: 'limited', namespace: name };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `limited-${name}` };
    const rbac = 'rbac.authorization.k8s.io/v1';
    await client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'limited', namespace: name } });
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }];
    await client.create({ apiVersion: rbac, kind: 'ClusterRole', metadata: { name: `limited-${name}` }, rules });
    const metadata = { name: `limited-${name}` };
    await client.create({ apiVersion: rbac, kind: 'ClusterRoleBinding', metadata, subjects: [subject], roleRef });
    const path = `/api/v1/namespaces/${name}/serviceaccounts/limited/token`;
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status } = (await client.raw('POST', path, request)) as { status: { token: string } };
    const config = { bearerToken: status.token, tlsClientConfig: { insecure: true } };
    return connect({ kind: 'secret', name: 'limited', server: client.server, config }, { logger: silentLogger });
  }

  it.each(['normal', 'strict'] as const)(
    'sees that kind, and fails nowhere, where respectRBAC is %s',
    async (respectRbac) => {
      own ??= await limited();
      const live = startLive(own, { respectRbac });
      await live.ready();
      const maps = { group: '', kind: 'ConfigMap' };
      await eventually(() => live.doubt(maps) === undefined && live.doubt(secrets) !== undefined, {
        what: 'the answers',
      });
      await eventually(() => live.failures().size === 0, { what: 'no failures' });
      expect(live.get({ ...maps, namespace: 'kube-system', name: 'kube-root-ca.crt' })).toBeDefined();
      expect(live.doubt(secrets)).toContain('cannot list resource "secrets"');
      await live.close();
    },
  );
});

describe('an aggregated API whose server is down', () => {
  it('holds nothing up, and harms no other kind', async () => {
    const name = 'v1.down.example.com';
    const apiService: KubeObject = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name },
      spec: {
        group: 'down.example.com',
        version: 'v1',
        service: { namespace: namespace.name, name: 'nobody', port: 443 },
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 10,
      },
    };
    await client.create(apiService);
    const other = await sharedClient();
    const live = startLive(other);
    await live.ready();
    await client.create(trackedIn(namespace.name, 'beside', configMapIn(namespace.name, 'beside')));
    await eventually(() => live.managedBy('beside').length === 1, { what: 'the others' });
    expect(live.doubt({ group: '', kind: 'ConfigMap' })).toBeUndefined();
    await eventually(() => other.discovery.unanswered().includes('down.example.com/v1'), { what: 'the name of it' });
    expect(live.doubt({ group: 'down.example.com', kind: 'Gadget' })).toContain('down.example.com/v1');
    await client.delete({ apiVersion: apiService.apiVersion, kind: 'APIService', name }, background);
    await live.close();
    await other.close();
  });
});
