import type { LiveSettings } from '../types.ts';
import { readIgnoreUpdates } from './customizations.ts';
import type { LegacyCustomization } from './legacy-customizations.ts';
import type { ValueReader } from './value-reader.ts';
import { parseFlag, parseList, parseTime, parseWord } from './values.ts';

const halfDayMs = 12 * 3_600_000;

/** How live objects are watched (reference §6, §10.1). */
export function readLiveSettings(
  cm: ValueReader,
  { legacy, ignoreDifferences }: { legacy: readonly LegacyCustomization[]; ignoreDifferences: boolean },
  environment: Readonly<Record<string, string | undefined>> = {},
): LiveSettings {
  const respect = cm.read<'' | 'normal' | 'strict'>('resource.respectRBAC', '', parseWord(['', 'normal', 'strict']));
  return {
    respectRbac: respect === '' ? undefined : respect,
    ignoreUpdates: {
      enabled: cm.read('resource.ignoreResourceUpdatesEnabled', true, parseFlag),
      rules: readIgnoreUpdates(cm, legacy),
      ignoreDifferences,
    },
    customLabels: cm.read<string[]>('resource.customLabels', [], parseList),
    nodeLabels: cm.read<string[]>('application.allowedNodeLabels', [], parseList),
    auditMs: parseResync(environment['ARGOCD_CLUSTER_CACHE_RESYNC_DURATION']),
  };
}

/** A value that is no duration counts as none: an environment has no place to complain to. */
function parseResync(text: string | undefined): number {
  if (!text) return halfDayMs;
  try {
    return parseTime(text);
  } catch {
    return halfDayMs;
  }
}
