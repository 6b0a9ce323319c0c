import type { VersionInfo } from '@plumbline/protocol';
import { checkoutFacts, runtimeFacts } from '@plumbline/telemetry/program-facts';
import manifest from '../package.json' with { type: 'json' };
import { type RenderTools, toolVersions } from './tool-versions.ts';

/** What the API's `/api/version` tells: of this program, of what runs it, and of the programs that it renders with. */
export async function versionInfo(tools: RenderTools): Promise<VersionInfo> {
  const [checkout, versions] = await Promise.all([checkoutFacts(), toolVersions(tools)]);
  return { Version: `v${manifest.version}`, ...checkout, ...runtimeFacts(), ...versions };
}
