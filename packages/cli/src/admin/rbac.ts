import { readFile } from 'node:fs/promises';
import {
  allObjects,
  createEnforcer,
  emptyPolicy,
  joinPolicies,
  type MatchMode,
  type Policy,
  PolicyError,
  parsePolicy,
  rbacActions,
  rbacResources,
} from '@plumbline/access';
import { connectKube, type KubeOptions } from '../core/kube-access.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

/** Where a policy comes from: a file, else the cluster. */
interface PolicySource extends KubeOptions {
  policyFile?: string;
}

/** A policy as a file says it. */
interface RbacFile {
  policy: Policy;
  defaultRole: string;
  matchMode: MatchMode;
}

const policyKey = /^policy(\..+)?\.csv$/;

function parsed(file: string, key: string, text: string): Policy {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const place = key === '' ? `line ${error.line}` : `${key}, line ${error.line}`;
    throw new Fatal(`${file}: ${place}: ${error.message}`, { exitCode: 1 });
  }
}

/** CSV, or a ConfigMap in YAML with the policies as its data; without a file the ConfigMap of the cluster. */
async function readRbac({ policyFile: file, ...kube }: PolicySource): Promise<RbacFile> {
  if (file === undefined) return rbacOfCluster(kube);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Fatal(`cannot read ${file}: ${error.message}`);
  });
  const { load } = await import('js-yaml');
  const isConfigMap = /^kind:\s*ConfigMap\s*$/m.test(text);
  if (!isConfigMap) return { policy: parsed(file, '', text), defaultRole: '', matchMode: 'glob' };
  return rbacIn(file, ((load(text) ?? {}) as { data?: Record<string, string> }).data ?? {});
}

async function rbacOfCluster(kube: KubeOptions): Promise<RbacFile> {
  const { client, namespace } = await connectKube(kube);
  const name = 'argocd-rbac-cm';
  const found = await client.find({ apiVersion: 'v1', kind: 'ConfigMap', name, namespace });
  if (found) return rbacIn(name, (found['data'] ?? {}) as Record<string, string>);
  throw new Fatal(`there is no ConfigMap ${namespace}/${name}`, {
    next: 'name a file with --policy-file, or another namespace with -n',
  });
}

function rbacIn(file: string, data: Record<string, string>): RbacFile {
  const keys = Object.keys(data).filter((key) => policyKey.test(key));
  return {
    policy: joinPolicies(keys.sort().map((key) => parsed(file, key, data[key] ?? ''))),
    defaultRole: data['policy.default'] ?? '',
    matchMode: data['policy.matchMode'] === 'regex' ? 'regex' : 'glob',
  };
}

/** Names that people use for resources, by the one that counts. */
const aliases: Readonly<Record<string, string>> = {
  account: 'accounts',
  app: 'applications',
  application: 'applications',
  apps: 'applications',
  applicationset: 'applicationsets',
  appset: 'applicationsets',
  cert: 'certificates',
  certificate: 'certificates',
  certs: 'certificates',
  cluster: 'clusters',
  extension: 'extensions',
  gpgkey: 'gpgkeys',
  gpg: 'gpgkeys',
  key: 'gpgkeys',
  log: 'logs',
  proj: 'projects',
  projs: 'projects',
  project: 'projects',
  repo: 'repositories',
  repos: 'repositories',
  repository: 'repositories',
};

function checkKnown(action: string, resource: string): void {
  const [verb = ''] = action.split('/');
  if (!rbacResources.some((name) => name === resource)) {
    throw new Fatal(`unknown resource "${resource}"`, { next: `use one of ${rbacResources.join(', ')}` });
  }
  if (verb !== '*' && !rbacActions.some((name) => name === verb)) {
    throw new Fatal(`unknown action "${action}"`, { next: `use one of ${rbacActions.join(', ')}` });
  }
}

/** Prints Yes or No, and ends with 0 or 1. */
export async function can(
  terminal: Terminal,
  request: { subject: string; action: string; resource: string; object: string },
  options: PolicySource & { defaultRole?: string; quiet?: boolean; strict: boolean; useBuiltinPolicy: boolean },
): Promise<void> {
  const { subject, action } = request;
  const resource = aliases[request.resource] ?? request.resource;
  const object = allObjects(resource, request.object);
  if (options.strict) checkKnown(action, resource);
  const rbac = await readRbac(options);
  const defaultRole = options.defaultRole ?? rbac.defaultRole;
  const builtIn = options.useBuiltinPolicy ? {} : { builtIn: emptyPolicy };
  const enforcer = createEnforcer({ ...rbac, ...builtIn, defaultRole, project: () => undefined });
  const names = subject.includes(':') ? [subject] : [subject, `role:${subject}`];
  const allowed = names.some((name) => enforcer.can({ name, groups: [] }, resource, action, object));
  if (!options.quiet) terminal.out(allowed ? 'Yes\n' : 'No\n');
  process.exitCode = allowed ? 0 : 1;
}

/** Says that a policy can be read, or where it cannot. */
export async function validate(terminal: Terminal, source: PolicySource): Promise<void> {
  const { policy } = await readRbac(source);
  const unknown = policy.lines.filter(({ resource }) => /^[a-z-]+$/.test(resource) && !isKnown(resource));
  for (const { subject, resource } of unknown) {
    terminal.err(`warning: the rule for ${subject} is about "${resource}", which is no resource\n`);
  }
  terminal.out('Policy is valid.\n');
}

function isKnown(resource: string): boolean {
  return rbacResources.some((name) => name === resource);
}
