import type { AppProjectSpec } from '@plumbline/apis';
import type { GlobalOptions } from '../config/connect.ts';
import type { Terminal } from '../terminal.ts';
import { changeProject, excluding, including } from './change-spec.ts';

/** Flags of the commands about rules. */
interface RuleFlags extends GlobalOptions {
  /** The destination is named by the cluster's name, not by its URL. */
  name?: boolean;
  list?: 'allow' | 'deny';
  serviceAccountNamespace?: string;
}

type Change = (spec: AppProjectSpec, args: string[], flags: RuleFlags) => AppProjectSpec;

/** A command that changes one list of a project: `plumb proj NAME PROJECT ARGS…`. */
interface Rule {
  command: string;
  about: string;
  args: string[];
  change: Change;
}

const texts =
  (member: 'sourceRepos' | 'sourceNamespaces', add: boolean): Change =>
  (spec, [text = '']) => {
    const test = { same: (item: string) => item === text, what: text };
    return { ...spec, [member]: add ? including(spec[member], text, test) : excluding(spec[member], test) };
  };

const destination =
  (add: boolean): Change =>
  (spec, [cluster = '', namespace = ''], { name }) => {
    const added = name ? { name: cluster, namespace } : { server: cluster, namespace };
    const test = {
      same: (item: { server?: string; name?: string; namespace?: string }) =>
        (name ? item.name : item.server) === cluster && (item.namespace ?? '') === namespace,
      what: `the destination ${cluster} ${namespace}`,
    };
    const { destinations } = spec;
    return { ...spec, destinations: add ? including(destinations, added, test) : excluding(destinations, test) };
  };

const account =
  (add: boolean): Change =>
  (spec, [server = '', namespace = '', name = ''], { serviceAccountNamespace }) => {
    const defaultServiceAccount = serviceAccountNamespace ? `${serviceAccountNamespace}:${name}` : name;
    const test = {
      same: (item: { server: string; namespace?: string; defaultServiceAccount: string }) =>
        item.server === server &&
        (item.namespace ?? '') === namespace &&
        item.defaultServiceAccount === defaultServiceAccount,
      what: `the service account ${defaultServiceAccount} of ${server} ${namespace}`,
    };
    const before = spec.destinationServiceAccounts;
    const added = { server, namespace, defaultServiceAccount };
    return {
      ...spec,
      destinationServiceAccounts: add ? including(before, added, test) : excluding(before, test),
    };
  };

const orphan =
  (add: boolean): Change =>
  (spec, [group = '', kind = ''], flags) => {
    const { name } = flags as { name?: unknown };
    const added = { group, kind, ...(typeof name === 'string' ? { name } : {}) };
    const test = {
      same: (item: { group?: string; kind?: string }) => (item.group ?? '') === group && (item.kind ?? '') === kind,
      what: `${group}/${kind}`,
    };
    const before = spec.orphanedResources?.ignore;
    const ignore = add ? including(before, added, test) : excluding(before, test);
    return { ...spec, orphanedResources: { ...spec.orphanedResources, ignore } };
  };

const key =
  (add: boolean): Change =>
  (spec, [keyID = '']) => {
    const test = { same: (item: { keyID: string }) => item.keyID === keyID, what: `the key ${keyID}` };
    const before = spec.signatureKeys;
    return { ...spec, signatureKeys: add ? including(before, { keyID }, test) : excluding(before, test) };
  };

/** Allowing puts a kind into the allow list or takes it out of the deny list, as Argo CD's flag `--list` says. */
const kinds =
  (scope: 'cluster' | 'namespace', allow: boolean): Change =>
  (spec, [group = '', kind = ''], { list }) => {
    const onAllowList = (list ?? (scope === 'cluster' ? 'allow' : 'deny')) === 'allow';
    const member = `${scope}Resource${onAllowList ? 'Whitelist' : 'Blacklist'}` as const;
    const test = {
      same: (item: { group: string; kind: string }) => item.group === group && item.kind === kind,
      what: `${group}/${kind} in ${member}`,
    };
    const before = spec[member] as { group: string; kind: string }[] | undefined;
    return {
      ...spec,
      [member]: allow === onAllowList ? including(before, { group, kind }, test) : excluding(before, test),
    };
  };

const gk = ['group', 'kind'];

/** Every command that changes a list of a project. */
export const rules: Rule[] = [
  { command: 'add-source', about: 'allow a repository', args: ['url'], change: texts('sourceRepos', true) },
  { command: 'remove-source', about: 'take a repository away', args: ['url'], change: texts('sourceRepos', false) },
  {
    command: 'add-source-namespace',
    about: 'let applications live in a namespace',
    args: ['namespace'],
    change: texts('sourceNamespaces', true),
  },
  {
    command: 'remove-source-namespace',
    about: 'let applications no longer live in a namespace',
    args: ['namespace'],
    change: texts('sourceNamespaces', false),
  },
  {
    command: 'add-destination',
    about: 'allow a destination',
    args: ['server', 'namespace'],
    change: destination(true),
  },
  {
    command: 'remove-destination',
    about: 'take a destination away',
    args: ['server', 'namespace'],
    change: destination(false),
  },
  {
    command: 'add-destination-service-account',
    about: 'act as a service account on a destination',
    args: ['server', 'namespace', 'account'],
    change: account(true),
  },
  {
    command: 'remove-destination-service-account',
    about: 'no longer act as a service account',
    args: ['server', 'namespace', 'account'],
    change: account(false),
  },
  { command: 'add-orphaned-ignore', about: 'tell no more of orphans of a kind', args: gk, change: orphan(true) },
  { command: 'remove-orphaned-ignore', about: 'tell of orphans of a kind again', args: gk, change: orphan(false) },
  { command: 'add-signature-key', about: 'accept commits signed with a key', args: ['key'], change: key(true) },
  { command: 'remove-signature-key', about: 'accept a key no longer', args: ['key'], change: key(false) },
  { command: 'allow-cluster-resource', about: 'allow a cluster-scoped kind', args: gk, change: kinds('cluster', true) },
  {
    command: 'deny-cluster-resource',
    about: 'forbid a cluster-scoped kind',
    args: gk,
    change: kinds('cluster', false),
  },
  { command: 'allow-namespace-resource', about: 'allow a namespaced kind', args: gk, change: kinds('namespace', true) },
  {
    command: 'deny-namespace-resource',
    about: 'forbid a namespaced kind',
    args: gk,
    change: kinds('namespace', false),
  },
];

/** Runs one of them. */
export async function runRule(
  terminal: Terminal,
  { change }: Rule,
  [project = '', ...args]: string[],
  options: RuleFlags,
): Promise<void> {
  await changeProject(options, project, (spec) => change(spec, args, options));
  terminal.out(`project '${project}' updated\n`);
}
