import { expect, it } from 'vitest';
import { resourceOfPath } from './observe-requests.ts';

it.each([
  ['/api/v1/namespaces/a/pods/b', 'pods', 'a'],
  ['/api/v1/namespaces/a', 'namespaces', ''],
  ['/apis/apps/v1/deployments?limit=500', 'deployments', ''],
  ['/apis/apps/v1/namespaces/n/deployments/web/scale?dryRun=All', 'deployments', 'n'],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles/x', 'clusterroles', ''],
  ['/version', '', ''],
  ['/apis', '', ''],
])('%s is about %s in %s', (path, resource, namespace) => {
  expect(resourceOfPath(path)).toEqual({ resource, namespace });
});
