import type { SettingsProblem } from '../types.ts';

/** Keys of argocd-cm (reference §10.1), used here or not; `*` is any text. */
const controlKeys: readonly string[] = [
  'url',
  'additionalUrls',
  'dex.config',
  'dex.auth.connectorId',
  'oidc.config',
  'oidc.tls.insecure.skip.verify',
  'admin.enabled',
  'accounts.*',
  'users.anonymous.enabled',
  'users.session.duration',
  'passwordPattern',
  'installationID',
  'globalProjects',
  'application.instanceLabelKey',
  'application.resourceTrackingMethod',
  'application.allowedNodeLabels',
  'application.links',
  'application.sync.impersonation.enabled',
  'application.sync.impersonation.enforced',
  'application.sync.requireOverridePrivilegeForRevisionSync',
  'project.links',
  'resource.links',
  'resource.customizations',
  'resource.customizations.health.*',
  'resource.customizations.useOpenLibs.*',
  'resource.customizations.actions.*',
  'resource.customizations.ignoreDifferences.*',
  'resource.customizations.ignoreResourceUpdates.*',
  'resource.customizations.knownTypeFields.*',
  'resource.compareoptions',
  'resource.exclusions',
  'resource.inclusions',
  'resource.ignoreResourceUpdatesEnabled',
  'resource.respectRBAC',
  'resource.sensitive.mask.annotations',
  'resource.customLabels',
  'resource.includeEventLabelKeys',
  'resource.excludeEventLabelKeys',
  'timeout.reconciliation',
  'timeout.reconciliation.jitter',
  'timeout.hard.reconciliation',
  'kustomize.enable',
  'kustomize.buildOptions',
  'kustomize.buildOptions.*',
  'kustomize.path.*',
  'kustomize.version.*',
  'helm.enable',
  'helm.valuesFileSchemes',
  'jsonnet.enable',
  'cluster.inClusterEnabled',
  'exec.enabled',
  'exec.shells',
  'server.maxPodLogsToRender',
  'server.rbac.disableApplicationFineGrainedRBACInheritance',
  'server.rbac.rollback.enforce.enable',
  'statusbadge.enabled',
  'statusbadge.url',
  'webhook.maxPayloadSizeMB',
  'webhook.refresh.jitter',
  'webhook.refresh.jitter.threshold',
  'extension.config',
  'extension.config.*',
  'sourceHydrator.commitMessageTemplate',
  'sourceHydrator.readmeMessageTemplate',
  'commit.author.name',
  'commit.author.email',
  'ui.cssurl',
  'ui.bannercontent',
  'ui.bannerurl',
  'ui.bannerpermanent',
  'ui.bannerposition',
  'ui.view.resources.disabled',
  'ui.loginButtonText',
  'help.chatUrl',
  'help.chatText',
  'help.download.*',
  'ga.trackingid',
  'ga.anonymizeusers',
  'plumbline.dev.*',
  'deletion.budget',
  'deletion.budget.window',
  'deletion.budget.cascade',
];

const rbacKeys: readonly string[] = ['policy.csv', 'policy.*.csv', 'policy.default', 'policy.matchMode', 'scopes'];

function matcher(patterns: readonly string[]): RegExp {
  const sources = patterns.map((pattern) => pattern.replaceAll('.', '\\.').replaceAll('*', '.+'));
  return new RegExp(`^(?:${sources.join('|')})$`);
}

const known: Readonly<Record<string, { keys: readonly string[]; matcher: RegExp }>> = {
  'argocd-cm': { keys: controlKeys, matcher: matcher(controlKeys) },
  'argocd-rbac-cm': { keys: rbacKeys, matcher: matcher(rbacKeys) },
};

/** How many letters must be changed, added or taken away to come from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...b].entries()) {
      const [left = 0, above = 0, before = 0] = [next[index], row[index + 1], row[index]];
      next.push(Math.min(left + 1, above + 1, before + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const closeEnough = 3;

function likely(key: string, keys: readonly string[]): string {
  const lower = key.toLowerCase();
  const best = keys
    .map((name) => ({ name, letters: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.letters - b.letters)[0];
  return best && best.letters <= closeEnough ? `; did you mean ${best.name}?` : '';
}

/** Keys of a ConfigMap that mean nothing: mostly misspelt ones. */
export function unknownKeys(name: string, data: Readonly<Record<string, string>>): SettingsProblem[] {
  const here = known[name];
  if (!here) return [];
  return Object.keys(data)
    .filter((key) => !here.matcher.test(key))
    .sort()
    .map((key) => ({
      object: `ConfigMap ${name}`,
      key,
      message: `there is no such key, it has no effect${likely(key, here.keys)}`,
    }));
}
