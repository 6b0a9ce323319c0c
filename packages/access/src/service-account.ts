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
