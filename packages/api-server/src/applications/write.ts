import { applicationObject } from '@plumbline/access';
import type { Application, ApplicationSpec } from '@plumbline/apis';
import { hasCode, PlumblineError } from '@plumbline/errors';
import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';
import { isOfSources } from '../http/error-answer.ts';
import { asApplication, asObject } from './application-object.ts';
import { replaceApplication } from './change.ts';
import { projectOf } from './filter.ts';
import type { Inspector } from './inspect.ts';
import { type ApplicationName, findLive, namespaceOf } from './lookup.ts';
import { patched } from './patch.ts';
import { isAsDeclared, merged, replacedByUser, withUserPart } from './user-part.ts';
import { acceptable, type JudgingParts } from './validate.ts';

export type WriteParts = JudgingParts & { inspector: Inspector };

/** Whether the sources are to be rendered before the Application is stored, and how long that may take. */
export interface Checking {
  validate: boolean;
  signal: AbortSignal;
}

/** What may be stored: acceptable by its project, and, where that is asked for, with sources that can be rendered. */
async function storable(parts: WriteParts, body: Application, { validate, signal }: Checking): Promise<Application> {
  const accepted = await acceptable(parts, body);
  const { namespace = '', name } = accepted.metadata;
  if (!validate) return accepted;
  try {
    await parts.inspector.ask({ kind: 'validate', namespace, name, spec: accepted.spec }, signal);
  } catch (error) {
    // Also what may pass by itself, a host that does not answer, is the spec's fault as far as anybody can tell.
    if (!(error instanceof PlumblineError) || !isOfSources(error)) throw error;
    throw apiFailure('InvalidArgument', `application spec for ${name} is invalid: ${error.full}`, error);
  }
  return accepted;
}

/**
 * Creates an Application. One that exists and is equal is answered as it is; a different one is refused, or with
 * `upsert` updated (reference §8.2).
 */
export async function createApplication(
  parts: WriteParts,
  body: Application,
  options: Checking & { upsert: boolean; username: string; rights: Rights },
): Promise<Application> {
  const object = (application: Application) => applicationObject(application, parts.namespace);
  options.rights.require('applications', 'create', object(body));
  const { operation, ...rest } = await storable(parts, body, options);
  // Argo CD's objects always have a status; its clients read it without asking whether it is there.
  const application = {
    ...rest,
    ...(operation ? { operation: { ...operation, initiatedBy: { username: options.username } } } : {}),
    status: {},
  };
  try {
    return asApplication(parts.cache.observe(await parts.client.create(asObject(application))));
  } catch (error) {
    if (!hasCode(error, 'KUBE_ALREADY_EXISTS')) throw error;
  }
  const { name, namespace } = application.metadata;
  const asked = { name, appNamespace: namespace, rights: options.rights };
  const stored = asApplication(await findLive(parts, asked));
  if (isAsDeclared(stored, application)) return stored;
  if (!options.upsert) {
    throw apiFailure('InvalidArgument', 'existing application spec is different, use upsert flag to force update');
  }
  return replaceApplication(parts, { ...asked, actions: ['get', 'update'] }, async (fresh) => {
    requireMove(parts, options.rights, [fresh, application]);
    return asObject(replacedByUser(fresh, merged(fresh, application)));
  });
}

/** An Application that goes to another project needs rights there, too. */
function requireMove(
  { namespace }: WriteParts,
  rights: Rights,
  [from, to]: readonly [from: Application, to: Application],
): void {
  if (projectOf(from) === projectOf(to)) return;
  const object = applicationObject({ ...from, spec: to.spec }, namespace);
  rights.require('applications', 'create', object);
  rights.require('applications', 'update', object);
}

/** Replaces spec, labels, annotations and finalizers. */
export async function updateApplication(
  parts: WriteParts,
  asked: ApplicationName,
  { body, ...checking }: Checking & { body: Application },
): Promise<Application> {
  const wanted = { ...body, metadata: { ...body.metadata, name: asked.name, namespace: namespaceOf(parts, asked) } };
  requireMove(parts, asked.rights, [asApplication(await findLive(parts, asked)), wanted]);
  const accepted = await storable(parts, wanted, checking);
  return replaceApplication(parts, asked, async (fresh) => {
    requireMove(parts, asked.rights, [fresh, accepted]);
    return asObject(replacedByUser(fresh, accepted));
  });
}

/** Replaces the spec. */
export async function updateSpec(
  parts: WriteParts,
  asked: ApplicationName,
  { spec, ...checking }: Checking & { spec: ApplicationSpec },
): Promise<ApplicationSpec> {
  const stored = asApplication(await findLive(parts, asked));
  requireMove(parts, asked.rights, [stored, { ...stored, spec }]);
  const accepted = await storable(parts, { ...stored, spec }, checking);
  const written = await replaceApplication(parts, asked, async (fresh) => {
    requireMove(parts, asked.rights, [fresh, accepted]);
    return asObject({ ...fresh, spec: accepted.spec });
  });
  return written.spec;
}

/** Applies a patch; only spec, labels, annotations and finalizers of the outcome count. */
export async function patchByUser(
  parts: WriteParts,
  asked: ApplicationName,
  request: { patch: string; patchType: 'json' | 'merge' },
): Promise<Application> {
  return replaceApplication(parts, asked, async (fresh) => {
    const wanted = patched(fresh, request);
    requireMove(parts, asked.rights, [fresh, wanted]);
    return asObject(withUserPart(fresh, await acceptable(parts, wanted)));
  });
}
