import type { SyncPair, SyncRequest } from '@plumbline/sync';
import { parseSyncOptions } from '@plumbline/sync';
import type { AppComparison, ResourceState } from '../compare/compare-state.ts';
import { type ComparerRules, type Referee, ResourceComparer, rulesFor } from '../compare/resource-comparer.ts';

export interface PairsFacts {
  rules: ComparerRules;
  referee: Referee;
  request: Pick<SyncRequest, 'syncOptions'>;
}

/** The comparison as the plan of a sync wants it. */
export async function syncPairs(comparison: AppComparison, facts: PairsFacts): Promise<SyncPair[]> {
  return Promise.all(
    comparison.resources.map(async (item) => ({ ...pairOf(item), hiddenDrift: await hasHiddenDrift(item, facts) })),
  );
}

function pairOf(item: ResourceState): SyncPair {
  return {
    key: item.key,
    target: item.target?.object,
    live: item.liveObject ? { object: item.liveObject, health: item.health } : undefined,
    outOfSync: item.status === 'OutOfSync',
  };
}

/**
 * Whether an object in sync differs in what its status does not tell, and is written by a sync all the same: the marks
 * of another tracking, and what `ignoreDifferences` leaves out, unless RespectIgnoreDifferences is on (reference §2.3, §3.5).
 */
async function hasHiddenDrift(item: ResourceState, { rules, referee, request }: PairsFacts): Promise<boolean> {
  const { target, liveObject: live, hook, status } = item;
  if (!target || !live || hook || status !== 'Synced') return false;
  if (item.labelTracked) return true;
  if (parseSyncOptions(request.syncOptions).get('RespectIgnoreDifferences') === 'true') return false;
  if (rulesFor(target.object, rules).length === 0) return false;
  const strict = { ...rules, ignoreDifferences: [] };
  try {
    return (await new ResourceComparer().compare({ target: target.object, live }, strict, referee)).outOfSync;
  } catch {
    // The server cannot be asked now: the apply is the answer then.
    return true;
  }
}
