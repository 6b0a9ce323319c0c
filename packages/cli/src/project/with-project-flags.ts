import type { AppProjectSpec } from '@plumbline/apis';
import type { GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';

export interface ProjectFlags extends GlobalOptions {
  description?: string;
  /** `SERVER,NAMESPACE` each. */
  dest?: string[];
  src?: string[];
  /** `SERVER,NAMESPACE,ACCOUNT` each. */
  destServiceAccounts?: string[];
  sourceNamespaces?: string[];
  allowClusterResource?: string[];
  denyClusterResource?: string[];
  allowNamespacedResource?: string[];
  denyNamespacedResource?: string[];
  signatureKeys?: string[];
  orphanedResources?: boolean;
  orphanedResourcesWarn?: boolean;
  file?: string;
  upsert?: boolean;
}

/** `KIND`, `GROUP/KIND` or, for cluster-scoped kinds, `GROUP/KIND/NAME`. */
const groupKind = (text: string): { group: string; kind: string; name?: string } => {
  const [group = '', kind, name] = text.includes(':') ? text.split(':') : text.split('/');
  if (kind === undefined) return { group: '', kind: group };
  return { group, kind, ...(name ? { name } : {}) };
};

const namespacedKind = (text: string): { group: string; kind: string } => {
  const { group, kind } = groupKind(text);
  return { group, kind };
};

function serviceAccount(text: string): { server: string; namespace: string; defaultServiceAccount: string } {
  const [server, namespace, ...account] = text.split(',');
  if (!server || namespace === undefined || account.length !== 1 || !account[0]) {
    throw new Fatal(`"${text}" is no account of a destination`, {
      next: 'write SERVER,NAMESPACE,ACCOUNT',
      exitCode: 1,
    });
  }
  return { server, namespace, defaultServiceAccount: account[0] };
}

/** The spec with what the flags say; a flag that is given replaces the whole list. */
export function withProjectFlags(spec: AppProjectSpec, flags: ProjectFlags): AppProjectSpec {
  const destinations = flags.dest?.map((text) => {
    const comma = text.lastIndexOf(',');
    if (comma < 1) throw new Fatal(`"${text}" is no destination`, { next: 'write SERVER,NAMESPACE', exitCode: 1 });
    return { server: text.slice(0, comma), namespace: text.slice(comma + 1) };
  });
  const { orphanedResources, orphanedResourcesWarn: warn } = flags;
  const watched = orphanedResources || warn !== undefined;
  const lists = {
    description: flags.description,
    sourceRepos: flags.src,
    sourceNamespaces: flags.sourceNamespaces,
    destinations,
    destinationServiceAccounts: flags.destServiceAccounts?.map(serviceAccount),
    clusterResourceWhitelist: flags.allowClusterResource?.map(groupKind),
    clusterResourceBlacklist: flags.denyClusterResource?.map(groupKind),
    namespaceResourceWhitelist: flags.allowNamespacedResource?.map(namespacedKind),
    namespaceResourceBlacklist: flags.denyNamespacedResource?.map(namespacedKind),
    signatureKeys: flags.signatureKeys?.map((keyID) => ({ keyID })),
    orphanedResources: watched ? { ...spec.orphanedResources, ...(warn === undefined ? {} : { warn }) } : undefined,
  };
  const given = Object.fromEntries(Object.entries(lists).filter(([, value]) => value !== undefined));
  const { orphanedResources: _, ...rest } = spec;
  return { ...(orphanedResources === false ? rest : spec), ...given };
}
