import { applicationObject, objectOf } from '@plumbline/access';
import { type Application, applicationApiVersion } from '@plumbline/apis';
import type { KubeClient, ObjectRef } from '@plumbline/cluster';
import type { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { Rights } from '../access/rights.ts';
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

/** How a request names an Application, and what for. */
export interface ApplicationName {
  name: string;
  appNamespace?: string | undefined;
  project?: string[] | undefined;
  rights: Rights;
  /**
   * What the caller must be allowed to do, in this order; of a list within it, one. Lack of the first is answered as if the
   * Application were not there. Default `get`.
   */
  actions?: readonly (string | readonly string[])[] | undefined;
}

export function applicationRef({ namespace }: Pick<ApplicationParts, 'namespace'>, name: string): ObjectRef {
  return { apiVersion: applicationApiVersion, kind: 'Application', namespace, name };
}

const projectsOf = ({ project }: ApplicationName): string[] => (project ?? []).filter((entry) => entry !== '');

function isAllowed({ rights }: ApplicationName, action: string | readonly string[], object: string): boolean {
  const ways = typeof action === 'string' ? [action] : action;
  return ways.some((way) => rights.can('applications', way, object));
}

const firstAction = ({ actions }: ApplicationName): string | readonly string[] => actions?.[0] ?? 'get';

/**
 * Refusal of an Application that is not there or not the caller's (reference §8.1): the same for both, so that names cannot
 * be guessed. Only who names a project that is open to him is told that it is not there.
 */
export function unknownApplication(parts: Pick<ApplicationParts, 'namespace'>, asked: ApplicationName): PlumblineError {
  const { name, appNamespace } = asked;
  const within = (project: string) => objectOf({ project, namespace: appNamespace, name }, parts.namespace);
  return projectsOf(asked).some((project) => isAllowed(asked, firstAction(asked), within(project)))
    ? apiFailure('NotFound', `applications.argoproj.io "${name}" not found`)
    : apiFailure('PermissionDenied', 'permission denied');
}

/** Whether the object is the one that is meant, and open to the caller. */
function isFound(parts: ApplicationParts, asked: ApplicationName, object: KubeObject): boolean {
  const application = asApplication(object);
  const projects = projectsOf(asked);
  if (projects.length > 0 && !projects.includes(projectOf(application))) return false;
  return isAllowed(asked, firstAction(asked), applicationObject(application, parts.namespace));
}

/** Throws where a further right is missing; notes the first one for streams. */
function requireAll(parts: ApplicationParts, asked: ApplicationName, object: KubeObject): void {
  const { rights, actions = ['get'] } = asked;
  const name = applicationObject(asApplication(object), parts.namespace);
  for (const action of actions) {
    const ways = typeof action === 'string' ? [action] : action;
    const way = ways.find((one) => rights.can('applications', one, name)) ?? ways[0] ?? '';
    rights.require('applications', way, name);
  }
}

/** The namespace of the Application that is meant. */
export function namespaceOf(parts: Pick<ApplicationParts, 'namespace'>, { appNamespace }: ApplicationName): string {
  return appNamespace || parts.namespace;
}

/** How the Kubernetes API names the Application that is meant. */
export function askedRef(parts: Pick<ApplicationParts, 'namespace'>, asked: ApplicationName): ObjectRef {
  return applicationRef({ namespace: namespaceOf(parts, asked) }, asked.name);
}

/**
 * The Application from the cache. One that the watch has not told of yet is asked for, and so is one that the caller may
 * not see: the refusal takes as long as for one that is not there.
 */
export async function findApplication(parts: ApplicationParts, asked: ApplicationName): Promise<Application> {
  const known = parts.cache.get(asked.name, namespaceOf(parts, asked));
  if (known && isFound(parts, asked, known)) {
    requireAll(parts, asked, known);
    return asApplication(known);
  }
  return asApplication(parts.cache.observe(await findLive(parts, asked)));
}

/** The Application as the Kubernetes API has it now, for changing it; the caller's rights count for what it is now. */
export async function findLive(parts: ApplicationParts, asked: ApplicationName): Promise<KubeObject> {
  const known = parts.cache.covers(namespaceOf(parts, asked)) && validName.test(asked.name);
  if (!known) throw unknownApplication(parts, asked);
  const object = await parts.client.find(askedRef(parts, asked));
  if (object && isFound(parts, asked, object)) {
    requireAll(parts, asked, object);
    return object;
  }
  // Who may look at it is told what he lacks: that it is there is nothing new to him.
  if (object && isFound(parts, { ...asked, actions: ['get'] }, object)) requireAll(parts, asked, object);
  throw unknownApplication(parts, asked);
}

/** Other names cannot exist; asking for them could reach another path of the Kubernetes API. */
const validName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
