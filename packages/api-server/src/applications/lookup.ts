import { type Application, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, ObjectRef } from '@plumbline/cluster';
import type { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { apiFailure } from '../http/api-failure.ts';
import type { ApplicationCache } from './application-cache.ts';
import { asApplication } from './application-object.ts';
import { projectOf } from './filter.ts';

/** What every handler of Applications works with. */
export interface ApplicationParts {
  client: KubeClient;
  cache: ApplicationCache;
  /** The control-plane namespace. */
  namespace: string;
}

/** How a request names an Application. */
export interface ApplicationName {
  name: string;
  appNamespace?: string | undefined;
  project?: string[] | undefined;
}

export function applicationRef({ namespace }: Pick<ApplicationParts, 'namespace'>, name: string): ObjectRef {
  return { apiVersion: applicationApiVersion, kind: 'Application', namespace, name };
}

/**
 * Refusal of an Application that is not there or not the caller's (reference §8.1): without a project the answer is the
 * same as for a forbidden one, so that names cannot be guessed.
 */
export function unknownApplication({ name, project }: ApplicationName): PlumblineError {
  return project?.some((entry) => entry !== '')
    ? apiFailure('NotFound', `applications.argoproj.io "${name}" not found`)
    : apiFailure('PermissionDenied', 'permission denied');
}

function checked(asked: ApplicationName, object: KubeObject | null | undefined): KubeObject {
  const projects = (asked.project ?? []).filter((entry) => entry !== '');
  if (!object) throw unknownApplication(asked);
  if (projects.length > 0 && !projects.includes(projectOf(asApplication(object)))) throw unknownApplication(asked);
  return object;
}

const foreign = (parts: ApplicationParts, { appNamespace }: ApplicationName): boolean =>
  appNamespace !== undefined && appNamespace !== parts.namespace;

/** The Application from the cache; one that the watch has not told of yet is asked for. */
export async function findApplication(parts: ApplicationParts, asked: ApplicationName): Promise<Application> {
  if (foreign(parts, asked)) throw unknownApplication(asked);
  const known = parts.cache.get(asked.name);
  if (known) return asApplication(checked(asked, known));
  const found = await findLive(parts, asked);
  return asApplication(parts.cache.observe(found));
}

/** The Application as the Kubernetes API has it now, for changing it. */
export async function findLive(parts: ApplicationParts, asked: ApplicationName): Promise<KubeObject> {
  if (foreign(parts, asked) || !validName.test(asked.name)) throw unknownApplication(asked);
  return checked(asked, await parts.client.find(applicationRef(parts, asked.name)));
}

/** Other names cannot exist; asking for them could reach another path of the Kubernetes API. */
const validName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
