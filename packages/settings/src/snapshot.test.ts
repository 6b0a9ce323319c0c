import { describe, expect, it } from 'vitest';
import type { Document } from './documents.ts';
import type { GoodValues } from './parse/value-reader.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

type Data = Record<string, string>;

function document(name: string, data: Data): Document {
  return { name, data, labels: {}, annotations: {} };
}

function read(
  parts: { cm?: Data; params?: Data; secret?: Data; certs?: Data },
  former: GoodValues = new Map(),
): Snapshot {
  const configMaps = {
    'argocd-cm': parts.cm ?? {},
    'argocd-cmd-params-cm': parts.params ?? {},
    'argocd-tls-certs-cm': parts.certs ?? {},
    'argocd-ssh-known-hosts-cm': { ssh_known_hosts: 'host ssh-ed25519 AAAA' },
  };
  return readSnapshot(
    {
      configMaps: new Map(Object.entries(configMaps).map(([name, data]) => [name, document(name, data)])),
      secrets: new Map([['argocd-secret', document('argocd-secret', parts.secret ?? {})]]),
      typedSecrets: new Map(),
    },
    former,
  );
}

const cm = (key: string, text: string) => read({ cm: { [key]: text } });
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

describe('rules for kinds', () => {
  const actions =
    'discovery.lua: return {}\ndefinitions:\n- {name: go, action.lua: return obj}\nmergeBuiltinActions: true\n';

  it('are read for health, in Lua and CEL', () => {
    const data = {
      'resource.customizations': '"*.example.com/*":\n  health.lua: old\n  health.lua.useOpenLibs: true\n',
      'resource.customizations.health.apps_Deployment': 'return nil',
      'resource.customizations.useOpenLibs.apps_Deployment': 'true',
      'resource.customizations.health.Pod': 'pods',
      'plumbline.dev.health.example.com_Widget': "- {when: 'true', status: Healthy, message: fine}",
    };
    const key = (name: string) => `resource.customizations.health.${name}`;
    const lua = { language: 'lua', openLibraries: false };
    expect(read({ cm: data }).control.healthRules).toEqual([
      { ...lua, pattern: 'Pod', key: key('Pod'), script: 'pods' },
      { ...lua, pattern: 'apps/Deployment', key: key('apps_Deployment'), script: 'return nil', openLibraries: true },
      { ...lua, pattern: '*.example.com/*', key: 'resource.customizations', script: 'old', openLibraries: true },
      {
        language: 'cel',
        pattern: 'example.com/Widget',
        key: 'plumbline.dev.health.example.com_Widget',
        cases: [{ when: 'true', status: 'Healthy', message: 'fine' }],
      },
    ]);
  });

  it('are read for actions', () => {
    const data = {
      'resource.customizations': `batch/Job:\n  actions: |\n    ${actions.replaceAll('\n', '\n    ')}`,
      'resource.customizations.actions.apps_Deployment': actions,
    };
    const rule = { discovery: 'return {}', definitions: [{ name: 'go', script: 'return obj' }], mergeBuiltIn: true };
    expect(read({ cm: data }).control.actionRules).toEqual([
      {
        ...rule,
        pattern: 'apps/Deployment',
        key: 'resource.customizations.actions.apps_Deployment',
        openLibraries: false,
      },
      { ...rule, pattern: 'batch/Job', key: 'resource.customizations', openLibraries: false },
    ]);
  });
});

describe('excluded kinds', () => {
  const excluded = (data: Data, group: string, kind: string, server = 'https://a') =>
    read({ cm: data }).control.isExcluded({ group, kind }, server);
  const pods = "- apiGroups: ['']\n  kinds: [Pod]\n  clusters: ['https://a']\n";

  it('are always events, metrics and leases', () => {
    expect(excluded({}, '', 'Event')).toBe(true);
    expect(excluded({}, 'metrics.k8s.io', 'PodMetrics')).toBe(true);
    expect(excluded({}, 'coordination.k8s.io', 'Lease')).toBe(true);
    expect(excluded({}, '', 'Pod')).toBe(false);
  });
  it('are those of an exclusion, on its clusters', () => {
    expect(excluded({ 'resource.exclusions': pods }, '', 'Pod')).toBe(true);
    expect(excluded({ 'resource.exclusions': pods }, '', 'Pod', 'https://b')).toBe(false);
    expect(excluded({ 'resource.exclusions': pods }, '', 'Service')).toBe(false);
  });
  it('are all others where an inclusion is for the cluster', () => {
    expect(excluded({ 'resource.inclusions': pods }, '', 'Pod')).toBe(false);
    expect(excluded({ 'resource.inclusions': pods }, '', 'Service')).toBe(true);
    expect(excluded({ 'resource.inclusions': pods }, '', 'Service', 'https://b')).toBe(false);
  });
  it('stay excluded where an inclusion names them too', () => {
    expect(excluded({ 'resource.inclusions': pods, 'resource.exclusions': pods }, '', 'Pod')).toBe(true);
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

describe('a value that cannot be used', () => {
  it.each<[string, string, string]>([
    ['application.resourceTrackingMethod', 'magic', 'expected one of annotation, label, annotation+label'],
    ['timeout.reconciliation', 'soon', 'expected a duration such as 30s or 5m'],
    ['timeout.reconciliation', '-5s', 'expected a duration that is not negative'],
    ['admin.enabled', 'maybe', 'expected true or false'],
    ['url', 'cd.example.com', 'expected an http or https URL'],
    ['accounts.ci', 'fly', 'expected login, apiKey or both, separated by a comma'],
    ['resource.exclusions', 'kinds: [Pod]', 'expected a list of {apiGroups, kinds, clusters}'],
    [
      'resource.compareoptions',
      'ignoreResourceStatusField: some',
      'ignoreResourceStatusField: expected all, crd or none',
    ],
    [
      'resource.customizations.ignoreDifferences.a_b_c',
      '',
      'expected a key that ends in <group>_<Kind>, <Kind> or all',
    ],
    ['resource.customizations.health.a_b_c', 'x', 'expected a key that ends in <group>_<Kind> or <Kind>'],
    ['resource.customizations.actions.Pod', 'definitions: [{name: a}]', 'definitions.0.action.lua: '],
    ['plumbline.dev.health.Pod', '- {status: Fine}', '0.status: '],
    ['resource.customizations', "a/B: {ignoreDifferences: 'jsonPointers: 1'}", 'jsonPointers: '],
    ['resource.customizations', 'apps/Deployment: [health]', 'apps/Deployment: '],
  ])('%s: %j is told with its key and what is expected', (key, text, message) => {
    const { problems } = cm(key, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ object: 'ConfigMap argocd-cm', key });
    expect(problems[0]?.message).toContain(message);
  });

  it('is told with its line where it is YAML that does not parse', () => {
    const { problems } = cm('resource.exclusions', '- apiGroups: [a]\n  kinds: [b\n- c');
    expect(problems[0]).toMatchObject({ key: 'resource.exclusions', line: expect.any(Number) });
    expect(problems[0]?.line).toBeGreaterThan(1);
  });

  it('leaves the last good value in force until it is corrected', () => {
    const first = cm('timeout.reconciliation', '5m');
    const second = read({ cm: { 'timeout.reconciliation': 'soon' } }, first.good);
    const third = read({ cm: { 'timeout.reconciliation': 'later' } }, second.good);
    const last = read({ cm: { 'timeout.reconciliation': '7m' } }, third.good);
    expect([second, third, last].map(({ control }) => control.refreshMs)).toEqual([300_000, 300_000, 420_000]);
    expect([second, third, last].map(({ problems }) => problems.length)).toEqual([1, 1, 0]);
  });

  it('leaves the default in force where there was no good one, also after the key was gone', () => {
    const gone = read({}, cm('timeout.reconciliation', '5m').good);
    expect(read({ cm: { 'timeout.reconciliation': 'soon' } }, gone.good).control.refreshMs).toBe(120_000);
  });

  it('does not touch other keys', () => {
    const { control } = read({ cm: { 'timeout.reconciliation': 'soon', installationID: 'blue' } });
    expect(control.installationId).toBe('blue');
  });
});

describe('verification of signatures', () => {
  const documents = {
    configMaps: new Map([['argocd-gpg-keys-cm', document('argocd-gpg-keys-cm', { ABCD: 'armored' })]]),
    secrets: new Map(),
    typedSecrets: new Map(),
  };

  it('has the keys of argocd-gpg-keys-cm, one and the same object until they change', () => {
    const signatures = () => readSnapshot(documents, new Map()).control.signatures;
    expect(signatures()).toEqual({ enabled: true, publicKeys: { ABCD: 'armored' } });
    expect(signatures().publicKeys).toBe(signatures().publicKeys);
    expect(read({}).control.signatures.publicKeys).toBe(read({}).control.signatures.publicKeys);
  });

  it.each([
    ['1h', 3_600_000],
    ['0', 0],
    ['soon', 43_200_000],
  ])('compares live state with fresh lists as ARGOCD_CLUSTER_CACHE_RESYNC_DURATION=%s says', (value, expected) => {
    const environment = { ARGOCD_CLUSTER_CACHE_RESYNC_DURATION: value };
    expect(readSnapshot(documents, new Map(), environment).control.live.auditMs).toBe(expected);
  });

  it.each([
    ['false', false],
    ['No', false],
    ['true', true],
    ['', true],
    [undefined, true],
  ])('is as ARGOCD_GPG_ENABLED=%s says: %s', (value, enabled) => {
    const environment = { ARGOCD_GPG_ENABLED: value };
    expect(readSnapshot(documents, new Map(), environment).control.signatures.enabled).toBe(enabled);
  });
});
