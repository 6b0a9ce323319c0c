import type { AppProject } from '@plumbline/apis';
import { globMatch } from './glob.ts';

/** A destination, as the service accounts of a project look at it. */
export interface AccountQuery {
  /** URL of the API server. */
  server: string;
  /** Of the Application's destination; '' where it names none. */
  namespace: string;
  /** Where an account without a namespace lies when the destination names none. */
  fallbackNamespace: string;
}

/**
 * The user that a sync to the destination acts as: that of the project's first entry whose globs match (reference §9.2,
 * destinationServiceAccounts). Undefined where none does.
 */
export function destinationUser(project: AppProject, query: AccountQuery): string | undefined {
  const entry = (project.spec.destinationServiceAccounts ?? []).find(
    ({ server, namespace = '' }) => globMatch(server, query.server) && globMatch(namespace, query.namespace),
  );
  const account = entry?.defaultServiceAccount.trim();
  if (!account) return undefined;
  const named = account.includes(':') ? account : `${query.namespace || query.fallbackNamespace}:${account}`;
  return `system:serviceaccount:${named}`;
}

/** Who something at a destination is done as. */
export type ActingUser =
  /** The engine itself. */
  | { kind: 'engine' }
  | { kind: 'user'; user: string }
  /** Nobody may do it: the project names no account, and the settings want one. */
  | { kind: 'nobody'; problem: string; hint: string };

/** Who acts at a destination: with impersonation on the service account that the project names for it (reference §9.2). */
export function actingUser(
  project: AppProject,
  query: AccountQuery,
  impersonation: { enabled: boolean; enforced: boolean },
): ActingUser {
  if (!impersonation.enabled) return { kind: 'engine' };
  const user = destinationUser(project, query);
  if (user) return { kind: 'user', user };
  if (!impersonation.enforced) return { kind: 'engine' };
  const { name } = project.metadata;
  const where = `server ${query.server} and namespace "${query.namespace}"`;
  return {
    kind: 'nobody',
    problem: `the project ${name} names no service account for the destination ${where}, and impersonation is on`,
    hint: `add an entry to destinationServiceAccounts of the project ${name}`,
  };
}
