import { PlumblineError } from '@plumbline/errors';
import { parseSyncOptions, type SyncRequest } from '@plumbline/sync';
import type { AppComparison } from '../compare/compare-state.ts';

/** Code of the refusal: the operation has failed. */
export const sharedResource = 'SHARED_RESOURCE';

/** `FailOnSharedResource=true`: nothing is written while another Application has one of the objects (reference §2.3). */
export function refuseShared({ shared }: AppComparison, { syncOptions }: Pick<SyncRequest, 'syncOptions'>): void {
  if (shared.length === 0 || parseSyncOptions(syncOptions).get('FailOnSharedResource') !== 'true') return;
  const found = shared.map(({ message }) => message);
  throw new PlumblineError(sharedResource, `Shared resource found: ${found.join('; ')}`, { retry: 'terminal' });
}
