import { readFile } from 'node:fs/promises';
import {
  createEnforcer,
  joinPolicies,
  type MatchMode,
  type Policy,
  PolicyError,
  parsePolicy,
  rbacActions,
  rbacResources,
} from '@plumbline/access';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

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

/** CSV, or a ConfigMap in YAML with the policies as its data. */
async function readRbac(file: string): Promise<RbacFile> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Fatal(`cannot read ${file}: ${error.message}`);
  });
  const { load } = await import('js-yaml');
  const isConfigMap = /^kind:\s*ConfigMap\s*$/m.test(text);
  if (!isConfigMap) return { policy: parsed(file, '', text), defaultRole: '', matchMode: 'glob' };
  const { data = {} } = (load(text) ?? {}) as { data?: Record<string, string> };
  const keys = Object.keys(data).filter((key) => policyKey.test(key));
  return {
    policy: joinPolicies(keys.sort().map((key) => parsed(file, key, data[key] ?? ''))),
    defaultRole: data['policy.default'] ?? '',
    matchMode: data['policy.matchMode'] === 'regex' ? 'regex' : 'glob',
  };
}

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
  options: { policyFile: string; defaultRole?: string; quiet?: boolean },
): Promise<void> {
  const { subject, action, resource, object } = request;
  checkKnown(action, resource);
  const rbac = await readRbac(options.policyFile);
  const defaultRole = options.defaultRole ?? rbac.defaultRole;
  const enforcer = createEnforcer({ ...rbac, defaultRole, project: () => undefined });
  const names = subject.includes(':') ? [subject] : [subject, `role:${subject}`];
  const allowed = names.some((name) => enforcer.can({ name, groups: [] }, resource, action, object));
  if (!options.quiet) terminal.out(allowed ? 'Yes\n' : 'No\n');
  process.exitCode = allowed ? 0 : 1;
}

/** Says that a policy can be read, or where it cannot. */
export async function validate(terminal: Terminal, { policyFile }: { policyFile: string }): Promise<void> {
  const { policy } = await readRbac(policyFile);
  const unknown = policy.lines.filter(({ resource }) => /^[a-z-]+$/.test(resource) && !isKnown(resource));
  for (const { subject, resource } of unknown) {
    terminal.err(`warning: the rule for ${subject} is about "${resource}", which is no resource\n`);
  }
  terminal.out('Policy is valid.\n');
}

function isKnown(resource: string): boolean {
  return rbacResources.some((name) => name === resource);
}
