import type { KubeObject } from '@plumbline/manifests';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiFixture, apiFixture } from '../test-support/api-fixture.ts';

let fixture: ApiFixture;
let params: { name: string };

const change = (kind: string, name: string, body: object, apiVersion = 'v1') =>
  fixture.kube.patch({ apiVersion, kind, namespace: fixture.namespace, name }, body, { type: 'merge' });

const names = (...accounts: string[]) =>
  change(
    'AppProject',
    'default',
    {
      spec: {
        destinationServiceAccounts: accounts.map((defaultServiceAccount) => ({
          server: '*',
          namespace: '*',
          defaultServiceAccount,
        })),
      },
    },
    'argoproj.io/v1alpha1',
  );

const rbac = (kind: string, more: object): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'deployer', namespace: fixture.namespace },
  ...more,
});

beforeAll(async () => {
  fixture = await apiFixture();
  const { namespace } = fixture;
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace }, data: { key: 'old' } };
  const { uid = '', resourceVersion = '' } = (await fixture.kube.create(object)).metadata;
  fixture.inspected.nodes.push({ version: 'v1', kind: 'ConfigMap', namespace, name: 'mine', uid, resourceVersion });
  ({ params } = await fixture.created({ destinationNamespace: namespace }));
  await fixture.kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace } });
  await fixture.kube.create(
    rbac('Role', { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch'] }] }),
  );
  await fixture.kube.create(
    rbac('RoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace }],
    }),
  );
}, 600_000);
afterAll(() => fixture?.close());

const query = () => ({ kind: 'ConfigMap', resourceName: 'mine', namespace: fixture.namespace, version: 'v1' });
const patch = () =>
  fixture.api.call('patchResource', { params, query: query(), body: JSON.stringify({ data: { key: 'new' } }) });
const remove = () => fixture.api.call('deleteResource', { params, query: query() });

it('acts as the service account that the project names, with its rights and no others', async () => {
  await names('deployer');
  await change('ConfigMap', 'argocd-cm', { data: { 'application.sync.impersonation.enabled': 'true' } });
  await eventually(
    () =>
      remove().then(
        () => false,
        ({ status, message }: { status: number; message: string }) =>
          status === 403 && message.includes(`system:serviceaccount:${fixture.namespace}:deployer`),
      ),
    { what: 'the refusal of the service account' },
  );
  expect(JSON.parse((await patch()).manifest).data).toEqual({ key: 'new' });
});

it('does nothing where the project names no account, unless the engine may act itself', async () => {
  await names();
  const refused = () =>
    patch().then(
      () => false,
      ({ message }: { message: string }) => message.includes('names no service account'),
    );
  await eventually(refused, { what: 'the refusal' });
  await change('ConfigMap', 'argocd-cm', { data: { 'application.sync.impersonation.enforced': 'false' } });
  await eventually(async () => !(await refused()), { what: 'the engine acting itself' });
  expect(await remove()).toEqual({});
});
