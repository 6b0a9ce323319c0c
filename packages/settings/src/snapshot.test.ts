import { describe, expect, it } from 'vitest';
import type { Snapshot } from './snapshot.ts';
import { cm, read } from './test-support/snapshots.ts';

const params = (key: string, text: string) => read({ params: { [key]: text } });

describe('settings of argocd-cm and argocd-cmd-params-cm', () => {
  it('have the defaults of reference §10 where nothing is set', () => {
    const { control, admin, secretKey, problems } = read({});
    const { isExcluded: _, ...values } = control;
    expect(problems).toEqual([]);
    expect(admin).toEqual({ enabled: true, passwordHash: undefined, passwordChangedAt: undefined });
    expect(secretKey).toBeUndefined();
    expect(values).toMatchObject({
      trackingMethod: 'annotation',
      instanceLabelKey: 'app.kubernetes.io/instance',
      refreshMs: 120_000,
      refreshJitterMs: 60_000,
      hardRefreshMs: 0,
      live: {
        respectRbac: undefined,
        ignoreUpdates: { enabled: true, rules: [], ignoreDifferences: true },
        auditMs: 43_200_000,
        customLabels: [],
        nodeLabels: [],
      },
      ignoreStatus: 'all',
      ignoreDifferences: [],
      adminEnabled: true,
      sessionMs: 86_400_000,
      render: {
        kustomizeBuildOptions: [],
        kustomizeVersionOptions: {},
        kustomizePaths: {},
        enabled: { kustomize: true, helm: true, jsonnet: true },
        maxDirectoryBytes: 10_485_760,
        valuesFileSchemes: ['https', 'http'],
        pluginExclusions: [],
        pluginsGetGeneratePaths: false,
      },
      controller: {
        waveDelayMs: 2000,
        statusProcessors: 20,
        operationProcessors: 10,
        selfHeal: { timeoutMs: 0, backoff: { durationMs: 2000, factor: 3, capMs: 300_000 } },
        syncTimeoutMs: 0,
        repoErrorGraceMs: 180_000,
        persistHealth: false,
        metrics: { applicationLabels: [], applicationConditions: [], clusterLabels: [], expirationMs: 0 },
      },
      traces: { address: '', insecure: true, headers: {}, attributes: {}, sampleRatio: 1 },
      applicationNamespaces: [],
      sshKnownHosts: 'host ssh-ed25519 AAAA',
    });
  });

  it.each<[string, string, (snapshot: Snapshot) => unknown, unknown]>([
    ['application.resourceTrackingMethod', 'annotation+label', (s) => s.control.trackingMethod, 'annotation+label'],
    ['application.instanceLabelKey', 'example.com/app', (s) => s.control.instanceLabelKey, 'example.com/app'],
    ['application.instanceLabelKey', '', (s) => s.control.instanceLabelKey, 'app.kubernetes.io/instance'],
    [
      'resource.customizations.knownTypeFields.example.org_Widget',
      '- field: spec.size\n  type: core/Quantity\n',
      (s) => s.control.knownTypeFields,
      [{ group: 'example.org', kind: 'Widget', field: 'spec.size', type: 'core/Quantity' }],
    ],
    ['resource.respectRBAC', 'strict', (s) => s.control.live.respectRbac, 'strict'],
    ['resource.ignoreResourceUpdatesEnabled', 'false', (s) => s.control.live.ignoreUpdates.enabled, false],
    [
      'resource.customizations.ignoreResourceUpdates.apps_Deployment',
      'jsonPointers: [/metadata/annotations]\njqPathExpressions: [.spec.replicas]\n',
      (s) => s.control.live.ignoreUpdates.rules,
      [
        {
          group: 'apps',
          kind: 'Deployment',
          jsonPointers: ['/metadata/annotations'],
          jqPathExpressions: ['.spec.replicas'],
        },
      ],
    ],
    [
      'resource.customizations',
      "'*.example.com/*':\n  ignoreResourceUpdates: |\n    jsonPointers: [/spec/a]\n",
      (s) => s.control.live.ignoreUpdates.rules,
      [{ group: '*.example.com', kind: '*', jsonPointers: ['/spec/a'] }],
    ],
    ['resource.customLabels', 'team, tier', (s) => s.control.live.customLabels, ['team', 'tier']],
    ['application.allowedNodeLabels', 'zone', (s) => s.control.live.nodeLabels, ['zone']],
    [
      'resource.compareoptions',
      'ignoreDifferencesOnResourceUpdates: false',
      (s) => s.control.live.ignoreUpdates.ignoreDifferences,
      false,
    ],
    ['installationID', 'blue', (s) => s.control.installationId, 'blue'],
    ['url', 'https://cd.example.com/', (s) => s.control.url, 'https://cd.example.com'],
    ['timeout.reconciliation', '3m', (s) => s.control.refreshMs, 180_000],
    ['timeout.reconciliation', '0', (s) => s.control.refreshMs, 0],
    ['timeout.reconciliation.jitter', '5s', (s) => s.control.refreshJitterMs, 5000],
    ['timeout.hard.reconciliation', '1h', (s) => s.control.hardRefreshMs, 3_600_000],
    [
      'kustomize.buildOptions',
      '--enable-helm --load-restrictor "LoadRestrictionsNone"',
      (s) => s.control.render.kustomizeBuildOptions,
      ['--enable-helm', '--load-restrictor', 'LoadRestrictionsNone'],
    ],
    [
      'kustomize.path.v4.5.7',
      '/tools/kustomize_4',
      (s) => s.control.render.kustomizePaths,
      { 'v4.5.7': '/tools/kustomize_4' },
    ],
    [
      'kustomize.version.v3',
      '/tools/kustomize_3',
      (s) => s.control.render.kustomizePaths,
      { v3: '/tools/kustomize_3' },
    ],
    [
      'kustomize.buildOptions.v4.5.7',
      '--enable-helm --x "a b"',
      (s) => s.control.render.kustomizeVersionOptions,
      { 'v4.5.7': ['--enable-helm', '--x', 'a b'] },
    ],
    ['helm.enable', 'false', (s) => s.control.render.enabled, { kustomize: true, helm: false, jsonnet: true }],
    ['admin.enabled', 'false', (s) => s.admin.enabled, false],
    ['users.session.duration', '1h', (s) => s.control.sessionMs, 3_600_000],
    ['resource.compareoptions', 'ignoreResourceStatusField: crd', (s) => s.control.ignoreStatus, 'crd'],
    ['resource.compareoptions', 'ignoreResourceStatusField: off', (s) => s.control.ignoreStatus, 'none'],
    ['resource.compareoptions', 'ignoreAggregatedRoles: true', (s) => s.control.ignoreAggregatedRoles, true],
    ['cluster.inClusterEnabled', 'false', (s) => s.clusters, []],
  ])('read %s: %j', (key, text, pick, expected) => {
    const snapshot = cm(key, text);
    expect(snapshot.problems).toEqual([]);
    expect(pick(snapshot)).toEqual(expected);
  });

  it.each<[string, string, (snapshot: Snapshot) => unknown, unknown]>([
    ['controller.sync.wave.delay.seconds', '0.5', (s) => s.control.controller.waveDelayMs, 500],
    ['controller.status.processors', '50', (s) => s.control.controller.statusProcessors, 50],
    ['controller.self.heal.timeout.seconds', '5', (s) => s.control.controller.selfHeal.timeoutMs, 5000],
    ['controller.sync.timeout.seconds', '60', (s) => s.control.controller.syncTimeoutMs, 60_000],
    ['controller.repo.error.grace.period.seconds', '1', (s) => s.control.controller.repoErrorGraceMs, 1000],
    [
      'controller.metrics.application.labels',
      'team, app.kubernetes.io/part-of',
      (s) => s.control.controller.metrics.applicationLabels,
      ['team', 'app.kubernetes.io/part-of'],
    ],
    ['otlp.headers', 'a=b, c=d%20e', (s) => s.control.traces.headers, { a: 'b', c: 'd e' }],
    ['otlp.attrs', 'stage:prod', (s) => s.control.traces.attributes, { stage: 'prod' }],
    ['controller.metrics.cache.expiration', '24h', (s) => s.control.controller.metrics.expirationMs, 86_400_000],
    ['controller.resource.health.persist', 'true', (s) => s.control.controller.persistHealth, true],
    ['application.namespaces', 'team-*, other', (s) => s.control.applicationNamespaces, ['team-*', 'other']],
    ['reposerver.helm.manifest.max.extracted.size', '5Mi', (s) => s.control.archives.maxChartBytes, 5 * 2 ** 20],
    ['reposerver.disable.helm.manifest.max.extracted.size', 'true', (s) => s.control.archives.maxChartBytes, Infinity],
    ['reposerver.oci.manifest.max.extracted.size', '2G', (s) => s.control.archives.maxArtifactBytes, 2e9],
    [
      'reposerver.disable.oci.manifest.max.extracted.size',
      'true',
      (s) => s.control.archives.maxArtifactBytes,
      Infinity,
    ],
    ['reposerver.oci.layer.media.types', 'a/b, c/d+tar', (s) => s.control.archives.layerMediaTypes, ['a/b', 'c/d+tar']],
    ['reposerver.max.combined.directory.manifests.size', '20M', (s) => s.control.render.maxDirectoryBytes, 20_000_000],
    ['reposerver.plugin.tar.exclusions', ' *.md;a,b ;', (s) => s.control.render.pluginExclusions, ['*.md', 'a,b']],
    ['reposerver.plugin.use.manifest.generate.paths', 'true', (s) => s.control.render.pluginsGetGeneratePaths, true],
  ])('read %s: %j', (key, text, pick, expected) => expect(pick(params(key, text))).toEqual(expected));

  it('read local accounts', () => {
    const data = { 'accounts.ci': 'apiKey, login', 'accounts.old': 'login', 'accounts.old.enabled': 'false' };
    expect(read({ cm: data }).control.accounts).toEqual([
      { name: 'ci', enabled: true, capabilities: ['apiKey', 'login'] },
      { name: 'old', enabled: false, capabilities: ['login'] },
    ]);
  });

  it('read rules for differences that do not count, in all three forms', () => {
    const data = {
      'resource.customizations': 'apps/StatefulSet:\n  ignoreDifferences: |\n    jsonPointers: [/spec/a]\n',
      'resource.customizations.ignoreDifferences.all': 'managedFieldsManagers: [kube-controller-manager]',
      'resource.customizations.ignoreDifferences.apps_Deployment': 'jqPathExpressions: [.spec.x]',
      'resource.customizations.ignoreDifferences.ConfigMap': 'jsonPointers: [/data]',
    };
    expect(read({ cm: data }).control.ignoreDifferences).toEqual([
      { group: 'apps', kind: 'StatefulSet', jsonPointers: ['/spec/a'] },
      { group: '', kind: 'ConfigMap', jsonPointers: ['/data'] },
      { group: '*', kind: '*', managedFieldsManagers: ['kube-controller-manager'] },
      { group: 'apps', kind: 'Deployment', jqPathExpressions: ['.spec.x'] },
    ]);
  });
});

describe('the administrator', () => {
  it('has hash and time of the password from argocd-secret', () => {
    const data = {
      'admin.password': '$2b$10$x',
      'admin.passwordMtime': '2026-01-01T00:00:00Z',
      'server.secretkey': 'k',
    };
    const { admin, secretKey } = read({ secret: data });
    expect(admin.passwordHash).toBe('$2b$10$x');
    expect(admin.passwordChangedAt).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(secretKey).toBe('k');
  });
});
