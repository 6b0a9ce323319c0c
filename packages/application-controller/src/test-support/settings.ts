import type { AccessSettings, ControlSettings, Settings } from '@plumbline/settings';

/** Settings with the defaults that the steps read, without waits between waves. */
export function testSettings(controller: Partial<ControlSettings['controller']> = {}): Settings {
  const current: Partial<ControlSettings> = {
    trackingMethod: 'annotation',
    instanceLabelKey: 'app.kubernetes.io/instance',
    ignoreDifferences: [],
    ignoreStatus: 'all',
    live: {
      respectRbac: undefined,
      ignoreUpdates: { enabled: true, rules: [], ignoreDifferences: true },
      auditMs: 0,
      customLabels: [],
      nodeLabels: [],
    },
    deletionBudgets: {},
    controller: {
      waveDelayMs: 0,
      statusProcessors: 1,
      operationProcessors: 1,
      selfHeal: { timeoutMs: 0, backoff: { durationMs: 2_000, factor: 3, capMs: 300_000 } },
      syncTimeoutMs: 0,
      repoErrorGraceMs: 0,
      persistHealth: false,
      metrics: { applicationLabels: [], applicationConditions: [], clusterLabels: [], expirationMs: 0 },
      ...controller,
    },
  };
  const access: Partial<AccessSettings> = {
    globalProjects: [],
    applicationNamespaces: [],
    impersonation: { enabled: false, enforced: true },
  };
  const unused = () => {
    throw new Error('not part of these tests');
  };
  return {
    current: () => current as ControlSettings,
    admin: unused,
    access: () => access as AccessSettings,
    api: unused,
    secretKey: unused,
    repositoryAccess: unused,
    candidateAccess: unused,
    repositories: () => [],
    clusters: () => [],
    resolveDestination: unused,
    problems: () => [],
    onChange: () => () => {},
    close: async () => {},
  };
}
