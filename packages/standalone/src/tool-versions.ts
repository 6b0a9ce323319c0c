import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { VersionInfo } from '@plumbline/protocol';

const run = promisify(execFile);
const timeoutMs = 10_000;

/** The version in what a program says of itself; undefined where it says nothing of the kind. */
export function versionIn(output: string): string | undefined {
  const found = /v?(\d+\.\d+\.\d+[\w.+-]*)/.exec(output)?.[1];
  return found === undefined ? undefined : `v${found}`;
}

async function versionOf(path: string, args: string[]): Promise<string | undefined> {
  const said = await run(path, args, { timeout: timeoutMs }).catch(() => undefined);
  return said && versionIn(said.stdout + said.stderr);
}

/** Where the programs lie that render. */
export interface RenderTools {
  kustomize: string;
  helm: string;
  jsonnet: string;
}

/** Versions of the render tools, as `/api/version` tells them. A tool that cannot be asked is left out. */
export async function toolVersions(tools: RenderTools): Promise<Partial<VersionInfo>> {
  const [KustomizeVersion, HelmVersion, JsonnetVersion] = await Promise.all([
    versionOf(tools.kustomize, ['version']),
    versionOf(tools.helm, ['version', '--short']),
    versionOf(tools.jsonnet, ['--version']),
  ]);
  return {
    ...(KustomizeVersion ? { KustomizeVersion } : {}),
    ...(HelmVersion ? { HelmVersion } : {}),
    ...(JsonnetVersion ? { JsonnetVersion } : {}),
  };
}
