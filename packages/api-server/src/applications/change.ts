import type { Application } from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { asApplication } from './application-object.ts';
import { type ApplicationName, type ApplicationParts, askedRef, findLive } from './lookup.ts';

const attempts = 10;

/**
 * Reads the Application afresh and writes what `write` makes of it, again from the start when someone else was faster.
 * `write` must carry the resourceVersion it was given; what it throws refuses the request.
 */
async function retryOnConflict(
  parts: ApplicationParts,
  asked: ApplicationName,
  write: (fresh: KubeObject) => Promise<KubeObject>,
): Promise<Application> {
  for (let attempt = 1; ; attempt += 1) {
    const fresh = await findLive(parts, asked);
    try {
      return asApplication(parts.cache.observe(await write(fresh)));
    } catch (error) {
      if (attempt >= attempts || !hasCode(error, 'KUBE_CONFLICT')) throw error;
    }
  }
}

/** Merge-patches the Application with what `patchOf` says about its newest state; undefined = nothing to write. */
export async function patchApplication(
  parts: ApplicationParts,
  asked: ApplicationName,
  patchOf: (fresh: Application) => Record<string, unknown> | undefined,
): Promise<Application> {
  return retryOnConflict(parts, asked, async (fresh) => {
    const patch = patchOf(asApplication(fresh));
    if (!patch) return fresh;
    const metadata = { ...(patch['metadata'] as object | undefined), resourceVersion: fresh.metadata.resourceVersion };
    return parts.client.patch(askedRef(parts, asked), { ...patch, metadata }, { type: 'merge' });
  });
}

/** Replaces the Application by what `next` makes of its newest state. */
export async function replaceApplication(
  parts: ApplicationParts,
  asked: ApplicationName,
  next: (fresh: Application) => Promise<KubeObject>,
): Promise<Application> {
  return retryOnConflict(parts, asked, async (fresh) => parts.client.replace(await next(asApplication(fresh))));
}
