import { parseJson, stringifyJson } from '@plumbline/manifests';
import type { Store } from '@plumbline/store';
import type { PlanPreview } from '@plumbline/sync';

/** Plans that people have seen, so that a sync that is bound to one can say what has changed since. */
export interface PlanStore {
  keep(application: string, preview: PlanPreview): Promise<void>;
  find(application: string, hash: string): Promise<PlanPreview | undefined>;
}

/** A plan that nobody has asked for within this time is not told any more, seconds. */
const keptSeconds = 86_400;

/**
 * Keeps them in Redis, sealed, so that they survive the controller. Without Redis a plan is still recognised by its hash;
 * only what has changed cannot be told.
 */
export function planStore({ sealed }: Pick<Store, 'sealed'>): PlanStore {
  const nameOf = (application: string, hash: string) => `plan:${application}:${hash}`;
  return {
    async keep(application, { hash, revisions, parts }) {
      const kept: PlanPreview = { hash, revisions, parts, phases: [], invalid: [] };
      await sealed.set(nameOf(application, hash), Buffer.from(stringifyJson(kept)), keptSeconds).catch(() => undefined);
    },
    async find(application, hash) {
      if (!/^[0-9a-f]{1,64}$/.test(hash)) return undefined;
      const found = await sealed.get(nameOf(application, hash)).catch(() => undefined);
      return found ? (parseJson(found.toString('utf8')) as PlanPreview) : undefined;
    },
  };
}
