import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';

/** Something declared that may belong to a project: its rights are about `project/name` then (reference §9.1). */
export interface Scoped {
  resource: 'repositories' | 'write-repositories' | 'clusters';
  name: string;
  project?: string | undefined;
}

const objectOf = ({ name, project }: Scoped): string => (project ? `${project}/${name}` : name);

/** Whether the caller may. */
export function mayScoped(rights: Rights, action: string, scoped: Scoped): boolean {
  return rights.can(scoped.resource, action, objectOf(scoped));
}

/** Throws PermissionDenied, which does not tell whose it is. */
export function requireScoped(rights: Rights, action: string, scoped: Scoped): void {
  if (mayScoped(rights, action, scoped)) return;
  throw apiFailure('PermissionDenied', `permission denied: ${scoped.resource}, ${action}, ${scoped.name}`);
}
