import { actingUser } from '@plumbline/access';
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
  // Without its project only the deletion of an Application gets here: what it brought goes all the same.
  if (!pass.project) return destination;
  const { metadata, spec } = pass.app;
  const namespace = spec.destination.namespace ?? '';
  const query = { server: destination.server, namespace, fallbackNamespace: metadata.namespace ?? '' };
  const acting = actingUser(pass.project, query, settings.access().impersonation);
  switch (acting.kind) {
    case 'engine':
      return destination;
    case 'user':
      return { ...destination, client: destination.client.impersonate(acting.user) };
    case 'nobody':
      throw new PlumblineError('IMPERSONATION_ACCOUNT', acting.problem, { hint: acting.hint });
    default:
      return acting satisfies never;
  }
}
