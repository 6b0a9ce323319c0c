import type { VersionInfo } from '@plumbline/protocol';
import manifest from '../package.json' with { type: 'json' };

/** What the API's `/api/version` tells. */
export function versionInfo(): VersionInfo {
  return { Version: `v${manifest.version}`, Platform: `${process.platform}/${process.arch}` } as VersionInfo;
}
