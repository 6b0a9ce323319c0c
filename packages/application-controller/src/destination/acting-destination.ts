import { destinationUser } from '@plumbline/access';
import { PlumblineError } from '@plumbline/errors';
import type { Settings } from '@plumbline/settings';
import type { Pass } from '../pass.ts';
import type { Destination } from './destinations.ts';

/**
 * The destination as writes of the Application go to it: with impersonation on, as the service account that the project names
 * for it (reference §9.2); what is watched stays as it is. Throws `IMPERSONATION_ACCOUNT` where the project names none, unless
 * the settings let the engine act as itself then.
 */
export function actingDestination(
  pass: Pass,
  destination: Destination,
  settings: Pick<Settings, 'access'>,
): Destination {
  const { impersonation } = settings.access();
  // Without its project only the deletion of an Application gets here: what it brought goes all the same.
  if (!impersonation.enabled || !pass.project) return destination;
  const { metadata, spec } = pass.app;
  const namespace = spec.destination.namespace ?? '';
  const query = { server: destination.server, namespace, fallbackNamespace: metadata.namespace ?? '' };
  const user = destinationUser(pass.project, query);
  if (user) return { ...destination, client: destination.client.impersonate(user) };
  if (!impersonation.enforced) return destination;
  const project = pass.project.metadata.name;
  const where = `server ${destination.server} and namespace "${namespace}"`;
  throw new PlumblineError(
    'IMPERSONATION_ACCOUNT',
    `the project ${project} names no service account for the destination ${where}, and impersonation is on`,
    { hint: `add an entry to destinationServiceAccounts of the project ${project}` },
  );
}
