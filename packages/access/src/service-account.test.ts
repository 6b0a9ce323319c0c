import type { AppProject } from '@plumbline/apis';
import { expect, it } from 'vitest';
import { actingUser, destinationUser } from './service-account.ts';

const project: AppProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'p' },
  spec: {
    destinationServiceAccounts: [
      { server: 'https://a', namespace: 'team-*', defaultServiceAccount: 'deployer' },
      { server: 'https://a', namespace: 'team-x', defaultServiceAccount: 'never' },
      { server: 'https://*', namespace: '*', defaultServiceAccount: 'ops:admin' },
      { server: 'http://b', defaultServiceAccount: 'cluster' },
    ],
  },
};

it.each([
  ['https://a', 'team-x', 'system:serviceaccount:team-x:deployer'],
  ['https://a', 'other', 'system:serviceaccount:ops:admin'],
  ['https://c', '', 'system:serviceaccount:ops:admin'],
  ['http://b', '', 'system:serviceaccount:argocd:cluster'],
  ['http://b', 'n', undefined],
])('a sync to %s, namespace "%s", acts as %s', (server, namespace, user) => {
  expect(destinationUser(project, { server, namespace, fallbackNamespace: 'argocd' })).toBe(user);
});

it.each([
  [{ enabled: false, enforced: true }, 'https://b', { kind: 'engine' }],
  [{ enabled: true, enforced: true }, 'https://a', { kind: 'user', user: 'system:serviceaccount:team-a:deployer' }],
  [{ enabled: true, enforced: false }, 'ftp://x', { kind: 'engine' }],
  [{ enabled: true, enforced: true }, 'ftp://x', { kind: 'nobody' }],
])('with %o something at %s is done as %o', (impersonation, server, acting) => {
  const query = { server, namespace: 'team-a', fallbackNamespace: 'argocd' };
  expect(actingUser(project, query, impersonation)).toMatchObject(acting);
});
