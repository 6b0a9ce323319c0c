import { expect, it } from 'vitest';
import { unknownKeys } from './unknown-keys.ts';

it.each([
  ['argocd-cm', 'no.such.key', 'there is no such key, it has no effect'],
  ['argocd-cm', 'timeout.reconcilation', 'did you mean timeout.reconciliation?'],
  ['argocd-cm', 'Admin.Enabled', 'did you mean admin.enabled?'],
  ['argocd-rbac-cm', 'policy.cvs', 'did you mean policy.csv?'],
])('tells of %s that %s is unknown', (name, key, words) => {
  expect(unknownKeys(name, { [key]: 'x' })).toEqual([
    { object: `ConfigMap ${name}`, key, message: expect.stringContaining(words) },
  ]);
});

it('knows the keys with names of others in them, and leaves other ConfigMaps alone', () => {
  const data = {
    'accounts.ann': 'login',
    'accounts.ann.enabled': 'false',
    'resource.customizations.health.apps_Deployment': '',
    'kustomize.buildOptions.v5': '',
    'help.download.linux-arm64': '',
  };
  expect(unknownKeys('argocd-cm', data)).toEqual([]);
  expect(unknownKeys('argocd-rbac-cm', { 'policy.overlay.csv': '' })).toEqual([]);
  expect(unknownKeys('argocd-tls-certs-cm', { 'git.example': '' })).toEqual([]);
});
