import { labels, ownAnnotations } from '@plumbline/apis';
import { parsePairs } from '@plumbline/telemetry';
import type { ControllerSettings, ControlSettings, SignatureSettings, ToolSettings } from '../types.ts';
import { readAccounts } from './accounts.ts';
import { readArchives } from './archives.ts';
import { parseCompareOptions, readIgnoreDifferences, readKnownTypes } from './customizations.ts';
import { readLegacyCustomizations } from './legacy-customizations.ts';
import { readLiveSettings } from './live-settings.ts';
import { parseFilterRules, type ResourceFilterRule, resourceFilter } from './resource-filter.ts';
import { readResourceRules } from './resource-rules.ts';
import type { ValueReader } from './value-reader.ts';
import {
  parseAddress,
  parseBytes,
  parseCount,
  parseFlag,
  parseList,
  parseNumber,
  parseSeconds,
  parseTime,
  parseWord,
  splitWords,
} from './values.ts';

const trackingMethods = ['annotation', 'label', 'annotation+label'] as const;
/** The second is the older form. */
const pathPrefixes = ['kustomize.path.', 'kustomize.version.'] as const;
const optionsPrefix = 'kustomize.buildOptions.';
const trim = (text: string) => text.trim();
/** Globs may have commas in them. */
const parseGlobs = (text: string) => text.split(';').map(trim).filter(Boolean);
/** An empty value means "not set". */
const optional = (text: string) => text.trim() || undefined;

/** The readers of the ConfigMaps that settings come from. */
interface SettingsReaders {
  cm: ValueReader;
  params: ValueReader;
  tlsCertificates: Readonly<Record<string, string>>;
  sshKnownHosts: string;
  signatures: SignatureSettings;
  environment?: Readonly<Record<string, string | undefined>>;
}

function readController(params: ValueReader): ControllerSettings {
  return {
    waveDelayMs: params.read('controller.sync.wave.delay.seconds', 2000, parseSeconds),
    statusProcessors: params.read('controller.status.processors', 20, parseCount),
    operationProcessors: params.read('controller.operation.processors', 10, parseCount),
    selfHeal: {
      timeoutMs: params.read('controller.self.heal.timeout.seconds', 0, parseSeconds),
      backoff: {
        durationMs: params.read('controller.self.heal.backoff.timeout.seconds', 2000, parseSeconds),
        factor: params.read('controller.self.heal.backoff.factor', 3, parseNumber),
        capMs: params.read('controller.self.heal.backoff.cap.seconds', 300_000, parseSeconds),
      },
    },
    syncTimeoutMs: params.read('controller.sync.timeout.seconds', 0, parseSeconds),
    repoErrorGraceMs: params.read('controller.repo.error.grace.period.seconds', 180_000, parseSeconds),
    persistHealth: params.read('controller.resource.health.persist', false, parseFlag),
    metrics: {
      applicationLabels: params.read<string[]>('controller.metrics.application.labels', [], parseList),
      applicationConditions: params.read<string[]>('controller.metrics.application.conditions', [], parseList),
      clusterLabels: params.read<string[]>('controller.metrics.cluster.labels', [], parseList),
      expirationMs: params.read('controller.metrics.cache.expiration', 0, parseTime),
    },
  };
}

function readDeletionBudgets(cm: ValueReader): ControlSettings['deletionBudgets'] {
  const read = (key: string) => cm.read<string | undefined>(key, undefined, optional);
  return {
    [ownAnnotations.deletionBudget]: read('deletion.budget'),
    [ownAnnotations.deletionBudgetWindow]: read('deletion.budget.window'),
    [ownAnnotations.cascadeBudget]: read('deletion.budget.cascade'),
  };
}

function readTools({ cm, params }: SettingsReaders): ToolSettings {
  const withPrefix = <Value>(prefix: string, read: (key: string) => Value): [string, Value][] =>
    cm
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => [key.slice(prefix.length), read(key)]);
  const paths = pathPrefixes.toReversed().flatMap((prefix) => withPrefix(prefix, (key) => cm.read(key, '', trim)));
  const versionOptions = withPrefix(optionsPrefix, (key) => cm.read<string[]>(key, [], splitWords));
  return {
    kustomizeBuildOptions: cm.read('kustomize.buildOptions', [], splitWords),
    kustomizeVersionOptions: Object.fromEntries(versionOptions),
    kustomizePaths: Object.fromEntries(paths),
    enabled: {
      kustomize: cm.read('kustomize.enable', true, parseFlag),
      helm: cm.read('helm.enable', true, parseFlag),
      jsonnet: cm.read('jsonnet.enable', true, parseFlag),
    },
    maxDirectoryBytes: params.read('reposerver.max.combined.directory.manifests.size', 10 * 2 ** 20, parseBytes),
    valuesFileSchemes: cm.read('helm.valuesFileSchemes', ['https', 'http'], (text) => parseList(text.toLowerCase())),
    pluginExclusions: params.read('reposerver.plugin.tar.exclusions', [], parseGlobs),
    pluginsGetGeneratePaths: params.read('reposerver.plugin.use.manifest.generate.paths', false, parseFlag),
  };
}

function readTracking(
  cm: ValueReader,
): Pick<ControlSettings, 'trackingMethod' | 'instanceLabelKey' | 'installationId'> {
  const read = (key: string) => cm.read<string | undefined>(key, undefined, optional);
  return {
    trackingMethod: cm.read('application.resourceTrackingMethod', 'annotation', parseWord(trackingMethods)),
    instanceLabelKey: read('application.instanceLabelKey') ?? labels.instance,
    installationId: read('installationID'),
  };
}

function readExclusions(cm: ValueReader): Pick<ControlSettings, 'isExcluded' | 'resourceFilter'> {
  const exclusions = cm.read<ResourceFilterRule[]>('resource.exclusions', [], parseFilterRules);
  const inclusions = cm.read<ResourceFilterRule[]>('resource.inclusions', [], parseFilterRules);
  return { isExcluded: resourceFilter(exclusions, inclusions), resourceFilter: { exclusions, inclusions } };
}

function readTraces(params: ValueReader): ControlSettings['traces'] {
  return {
    address: params.read('otlp.address', '', trim),
    insecure: params.read('otlp.insecure', true, parseFlag),
    headers: params.read<Record<string, string>>('otlp.headers', {}, (text) => parsePairs(text)),
    attributes: params.read<Record<string, string>>('otlp.attrs', {}, (text) => parsePairs(text, ':')),
    sampleRatio: params.read('otlp.sample.ratio', 1, parseNumber),
  };
}

/** Everything of reference §10.1 and §10.3 that is used, with its default where the key is missing or was never good. */
export function readControlSettings(readers: SettingsReaders): ControlSettings {
  const { cm, params } = readers;
  const legacy = readLegacyCustomizations(cm);
  const exclusions = readExclusions(cm);
  const { ignoreDifferencesOnUpdates, ...compare } = cm.read(
    'resource.compareoptions',
    parseCompareOptions(''),
    parseCompareOptions,
  );
  return {
    ...readTracking(cm),
    url: cm.read<string | undefined>('url', undefined, (text) => optional(text) && parseAddress(text)),
    refreshMs: cm.read('timeout.reconciliation', 120_000, parseTime),
    refreshJitterMs: cm.read('timeout.reconciliation.jitter', 60_000, parseTime),
    hardRefreshMs: cm.read('timeout.hard.reconciliation', 0, parseTime),
    ...exclusions,
    ignoreDifferences: readIgnoreDifferences(cm, legacy),
    ...readResourceRules(cm, legacy),
    live: readLiveSettings(cm, { legacy, ignoreDifferences: ignoreDifferencesOnUpdates }, readers.environment),
    ...compare,
    knownTypeFields: readKnownTypes(cm),
    jqTimeoutMs: params.read('controller.ignore.normalizer.jq.timeout', 1_000, parseTime),
    sensitiveAnnotations: cm.read('resource.sensitive.mask.annotations', [], parseList),
    render: readTools(readers),
    archives: readArchives(params),
    submodules: params.read('reposerver.enable.git.submodule', true, parseFlag),
    adminEnabled: cm.read('admin.enabled', true, parseFlag),
    inClusterEnabled: cm.read('cluster.inClusterEnabled', true, parseFlag),
    sessionMs: cm.read('users.session.duration', 24 * 3_600_000, parseTime),
    accounts: readAccounts(cm),
    controller: readController(params),
    traces: readTraces(params),
    deletionBudgets: readDeletionBudgets(cm),
    applicationNamespaces: params.read('application.namespaces', [], parseList),
    sshKnownHosts: readers.sshKnownHosts,
    tlsCertificates: readers.tlsCertificates,
    signatures: readers.signatures,
  };
}
