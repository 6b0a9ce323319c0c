import type { AppProject, AppProjectSpec } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import {
  permitsDestination,
  permitsResource,
  permitsSource,
  permitsSourceNamespace,
  resourceProblem,
} from './index.ts';

function project(spec: AppProjectSpec): AppProject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'p' }, spec };
}

describe('permitsSource', () => {
  it.each<[string, string[] | undefined, string, boolean]>([
    ['no list allows nothing', undefined, 'https://h/o/r', false],
    ['an empty list allows nothing', [], 'https://h/o/r', false],
    ['* allows all', ['*'], 'https://h/o/r', true],
    ['the same URL is allowed', ['https://h/o/r'], 'https://h/o/r', true],
    ['.git does not count', ['https://h/o/r.git'], 'https://h/o/r', true],
    ['case does not count', ['https://H/O/r'], 'https://h/o/R', true],
    ['a slash at the end does not count', ['https://h/o/r/'], 'https://h/o/r', true],
    ['scp form equals ssh URL', ['git@h:o/*'], 'ssh://git@h/o/r.git', true],
    ['* stops at a slash', ['https://h/*'], 'https://h/o/r', false],
    ['** does not', ['https://h/**'], 'https://h/o/r', true],
    ['! forbids what another entry allows', ['*', '!https://h/o/r'], 'https://h/o/r', false],
    ['! forbids wherever it stands', ['!https://h/o/*', '*'], 'https://h/o/r', false],
    ['! leaves the rest allowed', ['*', '!https://h/o/x'], 'https://h/o/r', true],
    ['a list of only ! allows the rest', ['!https://h/o/x'], 'https://h/o/r', true],
    ['!* forbids all', ['*', '!*'], 'https://h/o/r', false],
    ['a prefix is no match', ['https://h/o'], 'https://h/o/r', false],
  ])('%s', (_, sourceRepos, url, expected) => {
    expect(permitsSource(project({ sourceRepos }), url)).toBe(expected);
  });
});

const server = 'https://kubernetes.default.svc';
const target = { server, name: 'in-cluster', namespace: 'team-a' };

describe('permitsDestination', () => {
  it.each<[string, AppProjectSpec['destinations'], Partial<typeof target>, boolean]>([
    ['no list allows nothing', undefined, {}, false],
    ['an empty list allows nothing', [], {}, false],
    ['* for all', [{ server: '*', namespace: '*' }], {}, true],
    ['by server', [{ server, namespace: 'team-a' }], {}, true],
    ['by name', [{ name: 'in-cluster', namespace: 'team-a' }], {}, true],
    ['by glob of the server', [{ server: 'https://*.svc', namespace: '*' }], {}, true],
    ['by glob of the namespace', [{ server: '*', namespace: 'team-*' }], {}, true],
    ['another server', [{ server: 'https://other', namespace: '*' }], {}, false],
    ['another namespace', [{ server: '*', namespace: 'team-b' }], {}, false],
    ['an entry without namespace is for objects without one only', [{ server: '*' }], {}, false],
    ['a cluster-scoped destination', [{ server: '*' }], { namespace: '' }, true],
    [
      'a forbidden namespace',
      [
        { server: '*', namespace: '*' },
        { server: '*', namespace: '!team-a' },
      ],
      {},
      false,
    ],
    ['a namespace besides the forbidden', [{ server: '*', namespace: '!kube-system' }], {}, true],
    ['a forbidden namespace in one entry', [{ server: '*', namespace: '!team-*' }], {}, false],
    [
      'a forbidden server',
      [
        { server: '*', namespace: '*' },
        { server: `!${server}`, namespace: '*' },
      ],
      {},
      false,
    ],
    ['a server besides the forbidden', [{ server: '!https://other', namespace: '*' }], {}, true],
    [
      'a forbidden name',
      [
        { server: '*', namespace: '*' },
        { name: '!in-cluster', namespace: '*' },
      ],
      {},
      false,
    ],
    [
      'a server forbidden for another namespace',
      [
        { server: '*', namespace: '*' },
        { server: `!${server}`, namespace: 'other' },
      ],
      {},
      true,
    ],
  ])('%s', (_, destinations, more, expected) => {
    expect(permitsDestination(project({ destinations }), { ...target, ...more })).toBe(expected);
  });

  it('with permitOnlyProjectScopedClusters wants a cluster of the project', () => {
    const strict = project({ destinations: [{ server: '*', namespace: '*' }], permitOnlyProjectScopedClusters: true });
    expect(permitsDestination(strict, target)).toBe(false);
    expect(permitsDestination(strict, { ...target, clusterProject: 'other' })).toBe(false);
    expect(permitsDestination(strict, { ...target, clusterProject: 'p' })).toBe(true);
  });
});

const role = { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r', namespaced: false };
const configMap = { group: '', kind: 'ConfigMap', name: 'c', namespaced: true };

describe('permitsResource', () => {
  it.each<[string, AppProjectSpec, boolean]>([
    ['without a list', {}, false],
    ['with an empty list', { clusterResourceWhitelist: [] }, false],
    ['with its kind', { clusterResourceWhitelist: [{ group: role.group, kind: role.kind }] }, true],
    ['with globs', { clusterResourceWhitelist: [{ group: 'rbac.*', kind: 'Cluster*' }] }, true],
    ['with the kind of another group', { clusterResourceWhitelist: [{ group: '', kind: 'ClusterRole' }] }, false],
    ['with its name', { clusterResourceWhitelist: [{ group: '*', kind: '*', name: 'r' }] }, true],
    ['with another name', { clusterResourceWhitelist: [{ group: '*', kind: '*', name: 'team-*' }] }, false],
    [
      'forbidden',
      {
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        clusterResourceBlacklist: [{ group: '*', kind: 'ClusterRole' }],
      },
      false,
    ],
    [
      'another name forbidden',
      {
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        clusterResourceBlacklist: [{ group: '*', kind: '*', name: 'x' }],
      },
      true,
    ],
    ['only named in the namespaced list', { namespaceResourceWhitelist: [{ group: '*', kind: '*' }] }, false],
  ])('cluster-scoped, %s', (_, spec, expected) => expect(permitsResource(project(spec), role)).toBe(expected));

  it.each<[string, AppProjectSpec, boolean]>([
    ['without a list', {}, true],
    ['with an empty list', { namespaceResourceWhitelist: [] }, false],
    ['with its kind', { namespaceResourceWhitelist: [{ group: '', kind: 'ConfigMap' }] }, true],
    ['with another group', { namespaceResourceWhitelist: [{ group: 'apps', kind: '*' }] }, false],
    ['forbidden', { namespaceResourceBlacklist: [{ group: '', kind: 'ConfigMap' }] }, false],
    ['another forbidden', { namespaceResourceBlacklist: [{ group: 'apps', kind: '*' }] }, true],
    [
      'allowed and forbidden',
      {
        namespaceResourceWhitelist: [{ group: '*', kind: '*' }],
        namespaceResourceBlacklist: [{ group: '*', kind: 'Config*' }],
      },
      false,
    ],
  ])('namespaced, %s', (_, spec, expected) => expect(permitsResource(project(spec), configMap)).toBe(expected));
});

describe('resourceProblem', () => {
  const open = project({ destinations: [{ server: '*', namespace: 'team-*' }] });

  it('names a kind that is not allowed', () => {
    expect(resourceProblem(open, role, target)).toBe(
      'resource rbac.authorization.k8s.io:ClusterRole is not permitted in project p',
    );
  });
  it('names a namespace that is not allowed', () => {
    expect(resourceProblem(open, configMap, { ...target, namespace: 'kube-system' })).toBe(
      "namespace kube-system is not permitted in project 'p'",
    );
  });
  it('has nothing against what is allowed', () => {
    expect(resourceProblem(open, configMap, target)).toBeUndefined();
  });
});

describe('permitsSourceNamespace', () => {
  it.each<[string, string[] | undefined, string, boolean]>([
    ['the control plane’s is always allowed', undefined, 'argocd', true],
    ['none yet is allowed', undefined, '', true],
    ['another is not', undefined, 'team-a', false],
    ['one that is listed', ['team-*'], 'team-a', true],
    ['one that a regular expression names', ['/^team-.$/'], 'team-a', true],
  ])('%s', (_, sourceNamespaces, namespace, expected) => {
    expect(permitsSourceNamespace(project({ sourceNamespaces }), namespace, 'argocd')).toBe(expected);
  });
});
