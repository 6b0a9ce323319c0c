import { dependencyCycle, validateApplication } from '@plumbline/access';
import {
  type Application,
  type ApplicationDestination,
  type AppProject,
  applicationApiVersion,
  normalizeSpec,
} from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { apiFailure } from '../http/api-failure.ts';
import { asApplication } from './application-object.ts';
import type { ApplicationParts } from './lookup.ts';

interface Cluster {
  server: string;
  name: string;
  project?: string | undefined;
}

/** The cluster that a destination names. Throws `DESTINATION_INVALID` with the reason where it names none. */
export type ResolveDestination = (destination: ApplicationDestination) => Cluster;

/** The cluster, or why there is none. */
export function clusterOrProblem(
  resolve: ResolveDestination,
  destination: ApplicationDestination,
): Cluster | { problem: string } {
  try {
    return resolve(destination);
  } catch (error) {
    if (!hasCode(error, 'DESTINATION_INVALID')) throw error;
    return { problem: error.message };
  }
}

/** What judging an Application takes. */
export type JudgingParts = ApplicationParts & {
  resolveDestination: ResolveDestination;
  /** The project with what global projects add to it (reference §9.2). */
  effective(project: AppProject): AppProject;
};

async function projectNamed(parts: JudgingParts, name: string): Promise<AppProject | undefined> {
  const ref = { apiVersion: applicationApiVersion, kind: 'AppProject', namespace: parts.namespace, name };
  const found = await parts.client.find(ref);
  // The API server has checked an AppProject it returns against its CRD.
  return found ? parts.effective(found as unknown as AppProject) : undefined;
}

/**
 * An Application as it may be stored: in a namespace that may hold some, spec normalised, project there, destination and
 * sources permitted. Throws InvalidArgument with every reason.
 */
export async function acceptable(parts: JudgingParts, application: Application): Promise<Application> {
  const { name, namespace } = application.metadata;
  const place = namespace || parts.namespace;
  if (!parts.cache.covers(place)) {
    throw apiFailure(
      'PermissionDenied',
      `namespace '${place}' is not permitted: application.namespaces does not name it`,
    );
  }
  const spec = normalizeSpec(application.spec);
  const accepted = { ...application, metadata: { ...application.metadata, namespace: place }, spec };
  const conditions = validateApplication(accepted, {
    project: await projectNamed(parts, spec.project),
    destination: clusterOrProblem(parts.resolveDestination, spec.destination),
    controlNamespace: parts.namespace,
  });
  const reasons = [...conditions.map(({ message }) => message), ...circle(parts, accepted)];
  if (reasons.length > 0) {
    throw apiFailure('InvalidArgument', `application spec for ${name} is invalid: ${reasons.join('; ')}`);
  }
  return accepted;
}

/** Why the dependencies of an Application could never be met. */
function circle({ cache }: JudgingParts, application: Application): string[] {
  const own = `${application.metadata.namespace}/${application.metadata.name}`;
  const get = (key: string): Application | undefined => {
    if (key === own) return application;
    const [namespace = '', name = ''] = key.split('/');
    const found = cache.get(name, namespace);
    return found && asApplication(found);
  };
  const cycle = dependencyCycle(own, get);
  return cycle ? [`dependency cycle: ${cycle.join(' → ')}`] : [];
}
