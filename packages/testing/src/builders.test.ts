import { applicationSchema } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { expect, test } from 'vitest';
import { application, configMap, deployment, service } from './builders.ts';

test('an application is valid, and an object like any other', () => {
  const built = application({
    name: 'shop',
    repoURL: 'file:///srv/shop',
    path: 'overlays/prod',
    destinationNamespace: 'shop',
    automated: true,
    spec: { project: 'team' },
    annotations: { 'argocd.argoproj.io/refresh': 'normal' },
  });
  const object: KubeObject = built;
  expect(applicationSchema.parse(object)).toMatchObject({
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      project: 'team',
      source: { repoURL: 'file:///srv/shop', path: 'overlays/prod', targetRevision: 'HEAD' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  });
});

test('a deployment selects its own pods, and so does its service', () => {
  const { spec } = deployment('web', 'registry.example/web:2');
  expect(spec).toMatchObject({
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ image: 'registry.example/web:2' }] } },
  });
  expect(service('web')).toMatchObject({ spec: { selector: { app: 'web' } } });
  expect(configMap('settings')).toMatchObject({ kind: 'ConfigMap', data: { key: 'value' } });
});
