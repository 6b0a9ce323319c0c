import { errorMessage } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import type { ApiResource, KubeClient } from '../../types.ts';
import type { LiveStateOptions } from '../types.ts';

const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/**
 * `resource.respectRBAC` (reference §6): whether a kind whose list was forbidden is left out. `normal` believes the
 * refusal, `strict` asks the server once more whether we may list; without the setting it is a failure.
 */
export async function isLeftOut(
  { group, version, plural, namespaced }: ApiResource,
  namespace: string | undefined,
  { client, respectRbac, logger }: { client: KubeClient; respectRbac: LiveStateOptions['respectRbac']; logger: Logger },
): Promise<boolean> {
  if (!respectRbac) return false;
  if (respectRbac === 'normal') return true;
  const place = namespaced && namespace !== undefined ? { namespace } : {};
  const resourceAttributes = { group, version, resource: plural, verb: 'list', ...place };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  try {
    const { status } = (await client.raw('POST', path, review)) as { status?: { allowed?: boolean } };
    return status?.allowed !== true;
  } catch (error) {
    logger.warn('whether a kind may be listed cannot be asked', { resource: plural, error: errorMessage(error) });
    return false;
  }
}
