import type { SecretMask } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { type KubeObject, keyString, parseJson, type ResourceKey } from '@plumbline/manifests';
import { compareState, type ResourceState } from '../compare/compare-state.ts';
import type { LiveReader } from '../compare/live-reader.ts';
import { ResourceComparer } from '../compare/resource-comparer.ts';
import { outOfReach } from '../destination/out-of-reach.ts';
import { permitted } from '../operation/prepare-attempt.ts';
import type { Pass } from '../pass.ts';
import { buildTargets, scopesOf } from '../target/build-targets.ts';

export interface DiffParts {
  mask: SecretMask;
  reader: LiveReader;
}

/**
 * Compares manifests that a caller sends with what is live, as if the source had them. Nothing of what is sent is trusted: they
 * are placed and tracked like rendered ones, live objects come from the cluster, and what the project, the destination or
 * another Application's ownership keeps from this Application is refused before the server is asked about it.
 * Errors have codes `API_…` with the gRPC code to answer.
 */
export async function compareManifests(
  pass: Pass,
  manifests: readonly string[],
  { mask, reader }: DiffParts,
): Promise<ResourceState[]> {
  const { facts, destination } = pass;
  if (!facts || !destination || !pass.comparison) {
    const reason = pass.findings.map(({ message }) => message).join('; ');
    throw new PlumblineError('API_FailedPrecondition', `the Application cannot be compared now: ${reason}`);
  }
  const objects = manifests.map(readManifest).map((object) => mask.mask(object));
  const { targets } = buildTargets(objects, facts, await scopesOf(objects, facts));
  const own = new Set(pass.comparison.resources.map(({ key }) => keyString(key)));
  for (const { key } of targets) refuseForeign(pass, key, own);
  const { resources } = await compareState({
    app: pass.app,
    application: pass.application,
    target: { revisions: [], sourceTypes: [], parts: [], targets, repeated: [], excluded: [], warnings: [] },
    live: destination.live,
    comparer: new ResourceComparer(),
    rules: pass.rules,
    tracking: facts.tracking,
    ...reader.forDestination(destination),
  });
  return resources.filter(({ target }) => target !== undefined);
}

function readManifest(text: string, index: number): KubeObject {
  const object = parsed(text, index) as Partial<KubeObject> | null;
  const isObject =
    typeof object?.apiVersion === 'string' &&
    typeof object.kind === 'string' &&
    typeof object.metadata?.name === 'string' &&
    object.metadata.name !== '';
  if (isObject) return object as KubeObject;
  throw invalid(`manifest ${index + 1} has no apiVersion, kind or metadata.name`);
}

function parsed(text: string, index: number): unknown {
  try {
    return parseJson(text);
  } catch {
    throw invalid(`manifest ${index + 1} is no JSON`); // The parser's words would quote it, and it may be a Secret.
  }
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('API_InvalidArgument', message);
}

/** Throws where the object is none that this Application may manage. */
function refuseForeign(pass: Pass, key: ResourceKey, own: ReadonlySet<string>): void {
  const { destination, application } = pass;
  const live = destination?.live.get(key);
  const foreign =
    live && live.application !== application && !own.has(keyString(key))
      ? `${key.kind}/${key.name} is live and not part of this Application`
      : undefined;
  const problem = permitted(pass, key) ?? (destination && outOfReach(key, destination)) ?? foreign;
  if (problem) throw new PlumblineError('API_PermissionDenied', problem);
}
