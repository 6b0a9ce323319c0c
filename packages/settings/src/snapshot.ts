import type { ApiSettings } from './api-settings.ts';
import type { Documents } from './documents.ts';
import { readAccess } from './parse/access.ts';
import { readApiSettings } from './parse/api-settings.ts';
import { readClusters } from './parse/clusters.ts';
import { readControlSettings } from './parse/control-settings.ts';
import { type RepositorySecrets, readRepositories } from './parse/repositories.ts';
import { unknownKeys } from './parse/unknown-keys.ts';
import { type GoodValues, type ReadState, ValueReader } from './parse/value-reader.ts';
import type { AccessSettings, ControlSettings, DestinationCluster, Settings, SettingsProblem } from './types.ts';

/** All settings as they follow from the documents at one moment. */
export interface Snapshot {
  control: ControlSettings;
  admin: ReturnType<Settings['admin']>;
  access: AccessSettings;
  api: ApiSettings;
  secretKey: string | undefined;
  repositories: RepositorySecrets;
  clusters: readonly DestinationCluster[];
  problems: readonly SettingsProblem[];
  /** For the next reading. */
  good: GoodValues;
}

function parseTimestamp(text: string): Date | undefined {
  const date = new Date(text.trim());
  if (Number.isNaN(date.getTime())) throw new RangeError('expected a time as RFC 3339');
  return date;
}

/** Settings that come from the environment, where Argo CD has them there. */
export type SettingsEnvironment = Readonly<Record<string, string | undefined>>;

const noKeys: Readonly<Record<string, string>> = {};

/** The documents of one reading, and what it finds of bad values. */
interface Reading {
  documents: Documents;
  state: ReadState;
}

function dataOf({ documents }: Reading, name: string): Readonly<Record<string, string>> {
  return documents.configMaps.get(name)?.data ?? noKeys;
}

function configMap(reading: Reading, name: string): ValueReader {
  return new ValueReader({ object: `ConfigMap ${name}`, data: dataOf(reading, name), ...reading.state });
}

function readControl(reading: Reading, environment: SettingsEnvironment): ControlSettings {
  return readControlSettings({
    cm: configMap(reading, 'argocd-cm'),
    params: configMap(reading, 'argocd-cmd-params-cm'),
    tlsCertificates: dataOf(reading, 'argocd-tls-certs-cm'),
    sshKnownHosts: dataOf(reading, 'argocd-ssh-known-hosts-cm')['ssh_known_hosts'] ?? '',
    environment,
    signatures: {
      enabled: !/^(false|no)$/i.test(environment['ARGOCD_GPG_ENABLED'] ?? ''),
      publicKeys: dataOf(reading, 'argocd-gpg-keys-cm'),
    },
  });
}

/** `former` are the good values of the reading before: they stand in for values that are bad now. */
export function readSnapshot(
  documents: Documents,
  former: GoodValues,
  environment: SettingsEnvironment = {},
): Snapshot {
  const state: ReadState = { former, good: new Map(), problems: [] };
  const reading: Reading = { documents, state };
  const control = readControl(reading, environment);
  const secretData = documents.secrets.get('argocd-secret')?.data ?? {};
  const secret = new ValueReader({ object: 'Secret argocd-secret', data: secretData, ...state });
  const typed = [...documents.typedSecrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    control,
    admin: {
      enabled: control.adminEnabled,
      passwordHash: secretData['admin.password'] || undefined,
      passwordChangedAt: secret.read<Date | undefined>('admin.passwordMtime', undefined, parseTimestamp),
    },
    access: readAccess({
      cm: configMap(reading, 'argocd-cm'),
      rbacCm: configMap(reading, 'argocd-rbac-cm'),
      params: configMap(reading, 'argocd-cmd-params-cm'),
      secret,
      secrets: documents.secrets,
      url: control.url,
      secretKey: secretData['server.secretkey'] || undefined,
    }),
    api: readApiSettings({ cm: configMap(reading, 'argocd-cm'), secret, secrets: documents.secrets }),
    secretKey: secretData['server.secretkey'] || undefined,
    repositories: readRepositories(typed, state),
    clusters: readClusters(typed, { ...state, inClusterEnabled: control.inClusterEnabled }),
    problems: [
      ...state.problems,
      ...['argocd-cm', 'argocd-rbac-cm'].flatMap((name) => unknownKeys(name, dataOf(reading, name))),
    ],
    good: state.good,
  };
}
