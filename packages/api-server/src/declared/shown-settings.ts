import type { OwnSettings, PublicSettings } from '@plumbline/protocol';
import type { Settings } from '@plumbline/settings';

/** A member for a text that is not empty. */
const said = <K extends string>(key: K, text: string | undefined): Partial<Record<K, string>> =>
  text ? ({ [key]: text } as Record<K, string>) : {};

/** What everybody may know of the settings (reference §8.2, /settings). */
export function publicSettings(settings: Pick<Settings, 'api' | 'access' | 'current'>): PublicSettings {
  const { badge, googleAnalytics, help, ui, exec } = settings.api();
  const { applicationNamespaces, render } = settings.current();
  return {
    statusBadgeEnabled: badge.enabled,
    ...said('statusBadgeRootUrl', badge.url),
    googleAnalytics: {
      ...said('trackingID', googleAnalytics.trackingId),
      anonymizeUsers: googleAnalytics.anonymizeUsers,
    },
    help: { ...said('chatUrl', help.chatUrl), ...said('chatText', help.chatText), binaryUrls: help.binaryUrls },
    ...said('uiCssURL', ui.cssUrl),
    ...said('uiBannerContent', ui.bannerContent),
    ...said('uiBannerURL', ui.bannerUrl),
    uiBannerPermanent: ui.bannerPermanent,
    ...said('uiBannerPosition', ui.bannerPosition),
    passwordPattern: settings.access().passwordPattern.source,
    execEnabled: exec.enabled,
    appsInAnyNamespaceEnabled: applicationNamespaces.length > 0,
    kustomizeVersions: Object.keys(render.kustomizePaths),
  };
}

/** What callers with a session are told beside that. */
export function ownSettings(settings: Pick<Settings, 'access' | 'current'>): OwnSettings {
  return {
    impersonationEnabled: settings.access().impersonation.enabled,
    ...said('installationID', settings.current().installationId),
    kustomizeOptions: { buildOptions: settings.current().render.kustomizeBuildOptions.join(' ') },
    resourceOverrides: resourceOverrides(settings.current()),
  };
}

type Override = NonNullable<OwnSettings['resourceOverrides']>[string];

const every = '*/*';
const customResources = 'apiextensions.k8s.io/CustomResourceDefinition';

/** Rules for kinds by `group/Kind`, as clients read them: texts, JSON being YAML (reference §10.1). */
export function resourceOverrides(settings: ReturnType<Settings['current']>): Record<string, Override> {
  const { healthRules, actionRules, ignoreDifferences, ignoreStatus } = settings;
  const overrides = new Map<string, Override>();
  const add = (pattern: string, part: Override): void => {
    overrides.set(pattern, { ...overrides.get(pattern), ...part });
  };
  if (ignoreStatus !== 'none') {
    const pattern = ignoreStatus === 'all' ? every : customResources;
    add(pattern, { ignoreDifferences: JSON.stringify({ jsonPointers: ['/status'] }) });
  }
  for (const { group = '', kind, ...rule } of ignoreDifferences) {
    add(group ? `${group}/${kind}` : kind, { ignoreDifferences: JSON.stringify(rule) });
  }
  for (const rule of healthRules) if (rule.language === 'lua') add(rule.pattern, { 'health.lua': rule.script });
  for (const { pattern, discovery, definitions } of actionRules) {
    const texts = definitions.map(({ name, script }) => ({ name, 'action.lua': script }));
    add(pattern, { actions: JSON.stringify({ 'discovery.lua': discovery, definitions: texts }) });
  }
  return Object.fromEntries(overrides);
}
