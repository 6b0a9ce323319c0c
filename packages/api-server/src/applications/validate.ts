import { type Application, type AppProject, applicationApiVersion, normalizeSpec } from '@plumbline/apis';
import { apiFailure } from '../http/api-failure.ts';
import type { ApplicationParts } from './lookup.ts';

/** Says what is wrong with an Application, its project being known; empty where nothing is. */
export type ApplicationRules = (application: Application, project: AppProject) => string[];

/**
 * An Application as it may be stored: in the control-plane namespace, spec normalised, project there, destination and
 * sources permitted. Throws InvalidArgument with every reason.
 */
export async function acceptable(
  parts: ApplicationParts & { rules: ApplicationRules },
  application: Application,
): Promise<Application> {
  const { name, namespace } = application.metadata;
  if (namespace && namespace !== parts.namespace) {
    throw apiFailure(
      'PermissionDenied',
      `applications are not permitted in namespace "${namespace}": use ${parts.namespace}`,
    );
  }
  const spec = normalizeSpec(application.spec);
  const accepted = { ...application, metadata: { ...application.metadata, namespace: parts.namespace }, spec };
  const ref = { apiVersion: applicationApiVersion, kind: 'AppProject', namespace: parts.namespace, name: spec.project };
  const project = await parts.client.find(ref);
  if (!project) {
    throw apiFailure(
      'InvalidArgument',
      `application "${name}" references project "${spec.project}" which does not exist`,
    );
  }
  const reasons = parts.rules(accepted, project as unknown as AppProject);
  if (reasons.length > 0) {
    throw apiFailure('InvalidArgument', `application spec for ${name} is invalid: ${reasons.join('; ')}`);
  }
  return accepted;
}
