import { globMatch } from '@plumbline/access';
import { type AppProject, applicationApiVersion, type ProjectRole } from '@plumbline/apis';
import { connectKube, type KubeOptions } from '../core/kube-access.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

interface RolePolicyOptions extends KubeOptions {
  role: string;
  resource?: string;
  scope?: string;
  permission?: 'allow' | 'deny';
  dryRun: boolean;
}

interface Modification {
  pattern: string;
  modification: string;
  action: string;
}

/** The policies of a role after the modification. Parts that the flags leave out are any when removing. */
function modified(
  project: string,
  role: ProjectRole,
  { modification, action, options }: Modification & { options: RolePolicyOptions },
): string[] {
  const { resource = 'applications', scope = '*', permission = 'allow' } = options;
  const policies = role.policies ?? [];
  const parts = (policy: string): string[] => policy.split(',').map((part) => part.trim());
  const same = (policy: string): boolean => {
    const [, , itsResource, itsAction, itsObject, itsEffect] = parts(policy);
    return (
      itsAction === action &&
      (options.resource === undefined || itsResource === options.resource) &&
      (options.scope === undefined || itsObject === `${project}/${options.scope}`) &&
      (options.permission === undefined || itsEffect === options.permission)
    );
  };
  if (modification === 'remove') return policies.filter((policy) => !same(policy));
  const added = `p, proj:${project}:${role.name}, ${resource}, ${action}, ${project}/${scope}, ${permission}`;
  const line = (policy: string): string => parts(policy).join(',');
  return policies.some((policy) => line(policy) === line(added)) ? policies : [...policies, added];
}

/** `plumb admin proj update-role-policy`: sets or removes a policy in roles of many projects. */
export async function updateRolePolicies(
  terminal: Terminal,
  asked: Modification,
  options: RolePolicyOptions,
): Promise<void> {
  if (!['set', 'remove'].includes(asked.modification)) {
    throw new Fatal(`"${asked.modification}" is no modification`, { next: 'use set or remove', exitCode: 1 });
  }
  const { client, namespace } = await connectKube(options);
  const { items } = await client.list({ apiVersion: applicationApiVersion, kind: 'AppProject', namespace });
  for (const { metadata, spec } of items as unknown as AppProject[]) {
    if (!globMatch(asked.pattern, metadata.name)) continue;
    const before = spec.roles ?? [];
    const after = before.map((role) =>
      globMatch(options.role, role.name)
        ? { ...role, policies: modified(metadata.name, role, { ...asked, options }) }
        : role,
    );
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const ref = { apiVersion: applicationApiVersion, kind: 'AppProject', namespace, name: metadata.name };
    if (!options.dryRun) await client.patch(ref, { spec: { roles: after } }, { type: 'merge' });
    for (const role of after) {
      const former = new Set(before.find(({ name }) => name === role.name)?.policies ?? []);
      const now = new Set(role.policies ?? []);
      for (const policy of former) if (!now.has(policy)) terminal.out(`${metadata.name}: - ${policy}\n`);
      for (const policy of now) if (!former.has(policy)) terminal.out(`${metadata.name}: + ${policy}\n`);
    }
  }
  if (options.dryRun) terminal.out('dry run: nothing is changed; --dry-run=false does it\n');
}
