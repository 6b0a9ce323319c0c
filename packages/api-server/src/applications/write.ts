import type { Application, ApplicationSpec } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { deepEqual } from '@plumbline/manifests';
import { apiFailure } from '../http/api-failure.ts';
import { asApplication, asObject } from './application-object.ts';
import { replaceApplication } from './change.ts';
import { type ApplicationName, type ApplicationParts, findLive } from './lookup.ts';
import { patched } from './patch.ts';
import { acceptable, type ResolveDestination } from './validate.ts';

export type WriteParts = ApplicationParts & { resolveDestination: ResolveDestination };

/** The part of an Application that users own. */
function userPart({ metadata, spec }: Application): unknown {
  return {
    spec,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
  };
}

/** The stored Application with the user's part of another; status, operation and the rest of the metadata stay. */
function withUserPart(stored: Application, next: Application): Application {
  const { labels, annotations, finalizers } = next.metadata;
  return { ...stored, metadata: { ...stored.metadata, labels, annotations, finalizers }, spec: next.spec };
}

/** Adds to what is there instead of replacing it, as an upsert does. */
function merged(stored: Application, next: Application): Application {
  const { metadata } = next;
  const labels = { ...stored.metadata.labels, ...metadata.labels };
  const annotations = { ...stored.metadata.annotations, ...metadata.annotations };
  return { ...next, metadata: { ...metadata, labels, annotations } };
}

/**
 * Creates an Application. One that exists and is equal is answered as it is; a different one is refused, or with
 * `upsert` updated (reference §8.2).
 */
export async function createApplication(
  parts: WriteParts,
  body: Application,
  options: { upsert: boolean; username: string },
): Promise<Application> {
  const { operation, ...rest } = await acceptable(parts, body);
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
  const asked = { name: application.metadata.name };
  const stored = asApplication(await findLive(parts, asked));
  if (deepEqual(userPart(stored), userPart(application))) return stored;
  if (!options.upsert) {
    throw apiFailure('InvalidArgument', 'existing application spec is different, use upsert flag to force update');
  }
  return replaceApplication(parts, asked, async (fresh) => asObject(withUserPart(fresh, merged(fresh, application))));
}

/** Replaces spec, labels, annotations and finalizers. */
export async function updateApplication(
  parts: WriteParts,
  asked: ApplicationName,
  body: Application,
): Promise<Application> {
  const wanted = { ...body, metadata: { ...body.metadata, name: asked.name } };
  return replaceApplication(parts, asked, async (fresh) =>
    asObject(withUserPart(fresh, await acceptable(parts, wanted))),
  );
}

/** Replaces the spec. */
export async function updateSpec(
  parts: WriteParts,
  asked: ApplicationName,
  spec: ApplicationSpec,
): Promise<ApplicationSpec> {
  const written = await replaceApplication(parts, asked, async (fresh) =>
    asObject(await acceptable(parts, { ...fresh, spec })),
  );
  return written.spec;
}

/** Applies a patch; only spec, labels, annotations and finalizers of the outcome count. */
export async function patchByUser(
  parts: WriteParts,
  asked: ApplicationName,
  request: { patch: string; patchType: 'json' | 'merge' },
): Promise<Application> {
  return replaceApplication(parts, asked, async (fresh) =>
    asObject(withUserPart(fresh, await acceptable(parts, patched(fresh, request)))),
  );
}
